from apps.platform.errors import Kind, NotFound, Refused


class CampaignNotFound(NotFound):
    code = "campaign-not-found"
    title = "There is no such campaign."


class NotEditable(Refused):
    code = "campaign-not-editable"
    title = "Goal currency and limits cannot change once the campaign has left draft."


class UnusableImage(Refused):
    code = "unusable-image"
    kind = Kind.INVALID
    title = "Send a JPEG, PNG or WebP picture of at most 8 MB and 40 megapixels."


class UpdateNotFound(NotFound):
    code = "campaign-update-not-found"
    title = "There is no such news."


class FollowLinkInvalid(NotFound):
    code = "follow-link-invalid"
    title = "This link is too old, or you follow no longer."


class InvitationInvalid(NotFound):
    code = "invitation-invalid"
    title = "This invitation was accepted or withdrawn, or is too old."


class InvitationForAnother(Refused):
    code = "invitation-for-another"
    kind = Kind.FORBIDDEN
    title = "This invitation is for another e-mail address. Sign in with that one."


class AlreadyInTeam(Refused):
    code = "already-in-team"
    title = "This person is in the team already."
