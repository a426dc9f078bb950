from apps.platform.errors import Invalid, Kind, NotFound, Refused

__all__ = ["CampaignNotAccepting", "Invalid", "PlanHasEnded", "PlanNotActive", "PlanNotFound"]


class PlanNotFound(NotFound):
    code = "plan-not-found"
    title = "There is no such monthly gift."


class PlanHasEnded(Refused):
    code = "plan-has-ended"
    kind = Kind.CONFLICT
    title = "This monthly gift has ended. Nothing is taken any more."


class PlanNotActive(Refused):
    code = "plan-not-active"
    kind = Kind.CONFLICT
    title = "This is possible only while the monthly gift is going on."


class CampaignNotAccepting(Refused):
    code = "campaign-not-accepting"
    kind = Kind.CONFLICT
    title = "This campaign does not take gifts now."
