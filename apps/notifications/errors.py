from apps.platform.errors import Kind, Refused


class UnknownPosition(Refused):
    """The id is of no entry that is still kept: what was missed cannot be told any more, so load the page anew."""

    code = "unknown-position"
    kind = Kind.NOT_FOUND
    title = "The feed has no such entry any more."
