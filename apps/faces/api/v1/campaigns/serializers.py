from typing import Any

from rest_framework import serializers

from apps.campaigns import interface as campaigns
from apps.platform.money import MAX_AMOUNT


class Text(serializers.CharField):
    """A JSON string; numbers are refused rather than written out."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeAmount(serializers.IntegerField):
    """Minor units as a JSON integer; text, floats and booleans are refused."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


def _amount(**kwargs: Any) -> WholeAmount:
    return WholeAmount(min_value=1, max_value=MAX_AMOUNT, **kwargs)


class NewCampaign(serializers.Serializer):
    title = Text(max_length=120)
    summary = Text(max_length=280, allow_blank=True, required=False, default="")
    story = Text(max_length=50_000, allow_blank=True, required=False, default="")
    category = serializers.ChoiceField(choices=campaigns.CATEGORIES)
    goal_amount = _amount()
    currency = Text(max_length=3)
    minimum_amount = _amount(required=False)
    maximum_amount = _amount(required=False)
    starts_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ends_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Organizer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class CampaignBody(serializers.Serializer):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    story = serializers.CharField()
    category = serializers.CharField()
    status = serializers.CharField()
    goal_amount = serializers.IntegerField()
    currency = serializers.CharField()
    minimum_amount = serializers.IntegerField()
    maximum_amount = serializers.IntegerField()
    raised_amount = serializers.IntegerField()
    donor_count = serializers.IntegerField()
    totals_version = serializers.IntegerField()
    progress = serializers.FloatField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    organizer = Organizer()
    cover_url = serializers.URLField(allow_null=True)
    url = serializers.URLField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CampaignPage(serializers.Serializer):
    results = CampaignBody(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class CoverForm(serializers.Serializer):
    image = serializers.FileField()
