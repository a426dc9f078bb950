from apps.platform.errors import Kind, Refused


class InvalidCredentials(Refused):
    code = "invalid-credentials"
    kind = Kind.UNAUTHENTICATED
    title = "The e-mail address or the password is wrong."


class InvalidToken(Refused):
    code = "invalid-token"
    kind = Kind.UNAUTHENTICATED
    title = "The access token is not valid or has expired. Refresh it or sign in again."


class InvalidApiKey(Refused):
    code = "invalid-api-key"
    kind = Kind.UNAUTHENTICATED
    title = "The API key is not valid."


class InvalidRefreshToken(Refused):
    code = "invalid-refresh-token"
    kind = Kind.UNAUTHENTICATED
    title = "The refresh token is not valid, has expired or was used before. Sign in again."


class EmailTaken(Refused):
    code = "email-taken"
    kind = Kind.CONFLICT
    title = "There is an account with this e-mail address. Sign in, or reset the password."


class InvalidVerification(Refused):
    code = "invalid-verification"
    kind = Kind.NOT_FOUND
    title = "This link is too old, or the account has another address by now."


class HasDuties(Refused):
    code = "has-duties"
    kind = Kind.CONFLICT
    title = "Managers and staff hand over their roles first. Ask a member of staff to take them from you."


class SecondFactorExists(Refused):
    code = "second-factor-exists"
    kind = Kind.CONFLICT
    title = "There is a second factor already. Turn it off first to set up another app."


class InvalidSecondFactor(Refused):
    code = "invalid-second-factor"
    kind = Kind.UNAUTHENTICATED
    title = "This code is wrong or was used before. Wait for the next one, or use a recovery code."


class SecondFactorRequired(Refused):
    code = "second-factor-required"
    kind = Kind.UNAUTHENTICATED
    title = "This account has a second factor: send its code as `code` beside the password."


class SecondFactorMissing(Refused):
    code = "second-factor-missing"
    kind = Kind.FORBIDDEN
    title = "Moving money needs an account with a second factor. Set one up in your profile, then sign in anew."
