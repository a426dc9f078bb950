from typing import Any

from rest_framework import serializers

from apps.faces.api.v1.campaigns.serializers import Text
from apps.notifications import interface as notifications


class Flag(serializers.BooleanField):
    """A JSON true or false; "yes", 1 and their like are refused."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


def _types(**kwargs: Any) -> Any:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=notifications.EVENT_TYPES), allow_empty=False, max_length=20, **kwargs
    )


class NewEndpoint(serializers.Serializer):
    url = Text(max_length=500, help_text="https only (http to loopback in demo mode).")
    event_types = _types(required=False, default=list(notifications.EVENT_TYPES))
    description = Text(max_length=200, allow_blank=True, required=False, default="")
    covers_all = Flag(required=False, default=False, help_text="Every campaign instead of one's own; staff only.")


class EndpointChanges(serializers.Serializer):
    url = Text(max_length=500, required=False)
    event_types = _types(required=False)
    description = Text(max_length=200, allow_blank=True, required=False)
    is_active = Flag(required=False)


class EndpointBody(serializers.Serializer):
    id = serializers.UUIDField()
    owner = serializers.UUIDField()
    covers_all = serializers.BooleanField()
    url = serializers.URLField()
    description = serializers.CharField()
    event_types = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    failing_since = serializers.DateTimeField(allow_null=True)
    disabled_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class EndpointWithSecret(EndpointBody):
    secret = serializers.CharField(help_text="`whsec_...`, shown this once.")


class EndpointPage(serializers.Serializer):
    results = EndpointBody(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class Secret(serializers.Serializer):
    secret = serializers.CharField(help_text="Shown this once. The old one signs as well for 24 hours.")


class DeliveryBody(serializers.Serializer):
    id = serializers.UUIDField(help_text="The `webhook-id`, the same at every attempt.")
    endpoint = serializers.UUIDField()
    type = serializers.CharField()
    status = serializers.ChoiceField(choices=["pending", "delivered", "failed"])
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    response_status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    payload = serializers.DictField()


class DeliveryPage(serializers.Serializer):
    results = DeliveryBody(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class NewReplay(serializers.Serializer):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    types = _types(required=False, default=list(notifications.EVENT_TYPES))
    only_failed = Flag(required=False, default=False)


class Replay(serializers.Serializer):
    deliveries = serializers.IntegerField(help_text="How many go out again.")
