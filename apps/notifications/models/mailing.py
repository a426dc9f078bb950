from django.db import models


class Mailing(models.Model):
    """Telling all followers of a campaign one thing, some hundred at a time. `last_follower` is how far it has come."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    campaign_id = models.UUIDField()
    data = models.JSONField()
    last_follower = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_mailing"
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="notifications_mailing_once")]
        indexes = [models.Index("id", name="notifications_mailing_open", condition=models.Q(finished_at__isnull=True))]
