from apps.platform.errors import Kind, NotFound, Refused


class PayoutNotFound(NotFound):
    code = "payout-not-found"
    title = "There is no such payout."


class NoDestination(Refused):
    code = "no-payout-account"
    title = "Say first to which bank account the campaign is paid out."


class NotCovered(Refused):
    code = "payout-not-covered"
    kind = Kind.CONFLICT
    title = "This is more than what the campaign has left after refunds, fees and earlier payouts."


class PayoutUnderWay(Refused):
    code = "payout-under-way"
    title = "Another payout of this campaign is under way. Wait until it has ended."


class OwnPayout(Refused):
    code = "own-payout"
    kind = Kind.FORBIDDEN
    title = "Somebody else must decide: nobody approves what they asked for themselves."


class PayoutDecided(Refused):
    code = "payout-decided"
    title = "This payout was decided already."
