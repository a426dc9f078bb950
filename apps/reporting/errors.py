from apps.platform.errors import Invalid, Kind, NotFound, Refused

__all__ = ["ExportNotFound", "Invalid", "RebuildUnderWay", "TooManyExports", "TooManyFilters", "UnknownProjection"]


class UnknownProjection(Refused):
    code = "unknown-projection"
    kind = Kind.NOT_FOUND
    title = "There is no such projection."


class RebuildUnderWay(Refused):
    code = "rebuild-under-way"
    title = "Another rebuild is under way. Wait for it to end."


class ExportNotFound(NotFound):
    code = "export-not-found"
    title = "There is no such export, or its link has expired."


class TooManyExports(Refused):
    code = "too-many-exports"
    kind = Kind.TOO_MANY
    title = "Three exports of yours are under way. Wait for one of them."


class TooManyFilters(Refused):
    code = "too-many-filters"
    kind = Kind.CONFLICT
    title = "You keep twenty filters already. Remove one first."
