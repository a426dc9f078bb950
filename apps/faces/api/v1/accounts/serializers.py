from rest_framework import serializers


class Registration(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    name = serializers.CharField(max_length=120)


class Credentials(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class Refresh(serializers.Serializer):
    refresh = serializers.CharField(max_length=512)


class Profile(serializers.Serializer):
    name = serializers.CharField(max_length=120)


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
