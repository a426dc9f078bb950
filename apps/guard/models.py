from django.db import models


class Attempt(models.Model):
    """A guest's gift that was let through: where it came from, as keyed hashes. Unlogged, kept for a day."""

    reference = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=32)
    device = models.CharField(max_length=32, default="", blank=True)
    campaign_id = models.UUIDField()

    class Meta:
        db_table = "guard_attempt"
        indexes = [
            models.Index("at", name="guard_attempt_age"),
            models.Index("address", "at", name="guard_attempt_of_address"),
            models.Index("device", "at", name="guard_attempt_of_device", condition=~models.Q(device="")),
            models.Index("campaign_id", "at", name="guard_attempt_on_campaign"),
        ]


class Decline(models.Model):
    """A payment that its bank declined. Unlogged, kept for a day."""

    reference = models.UUIDField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "guard_decline"
        indexes = [models.Index("at", name="guard_decline_age")]


class Redeemed(models.Model):
    """A solved challenge that was used: each is good for one gift."""

    signature = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "guard_redeemed"
        indexes = [models.Index("at", name="guard_redeemed_age")]
