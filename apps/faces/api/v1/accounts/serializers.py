from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A string, and nothing that could be turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Registration(serializers.Serializer):
    email = Text(max_length=254)
    password = Text(max_length=1024, trim_whitespace=False)
    name = Text(max_length=120)


class Credentials(serializers.Serializer):
    email = Text(max_length=254)
    password = Text(max_length=1024, trim_whitespace=False)


class TokenRequest(Credentials):
    code = Text(
        max_length=64,
        required=False,
        help_text="Of an account with a second factor: the app's six digits, or a recovery code.",
    )


class Refresh(serializers.Serializer):
    refresh = Text(max_length=512)


class Profile(serializers.Serializer):
    name = Text(max_length=120)


class UserBody(serializers.Serializer):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())


class Pair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class Registered(Pair):
    user = UserBody()


class Ticket(serializers.Serializer):
    ticket = serializers.CharField()
