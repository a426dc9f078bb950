from apps.platform.errors import Kind, NotFound, Refused


class UnknownPosition(Refused):
    """The id is of no entry that is still kept: what was missed cannot be told any more, so load the page anew."""

    code = "unknown-position"
    kind = Kind.NOT_FOUND
    title = "The feed has no such entry any more."


class EndpointNotFound(NotFound):
    code = "webhook-endpoint-not-found"
    title = "There is no such webhook endpoint."


class TooManyEndpoints(Refused):
    code = "too-many-webhook-endpoints"
    title = "There are as many webhook endpoints as one person may have. Delete one first."
