from django.db import models


class FeedEntry(models.Model):
    """One line of the public feed, append-only until retention takes it. Holds no personal data: the name that a
    donor shows is asked of the pledges at reading, so that erasing it there is enough."""

    id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(unique=True)
    topic = models.CharField(max_length=60)
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    pledge_id = models.UUIDField(null=True)
    data = models.JSONField()

    class Meta:
        db_table = "notifications_feedentry"
        indexes = [
            models.Index("topic", "seq", name="notifications_feed_topic"),
            models.Index("at", name="notifications_feed_age"),
        ]


class FeedCounter(models.Model):
    """The one row whose lock puts writers in line: numbers are given out gapless, in the order of commits."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "notifications_feedcounter"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="notifications_one_counter"),
            models.CheckConstraint(condition=models.Q(last_seq__gte=0), name="notifications_counter_counts_up"),
        ]
