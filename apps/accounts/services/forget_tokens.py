from apps.platform import clock

from ..models import RefreshFamily

BATCH = 2_000


def forget_expired_tokens() -> int:
    """Delete up to 2,000 families in which every token has expired: nothing can come of them. Returns how many."""
    expired = RefreshFamily.objects.exclude(refreshtoken__expires_at__gt=clock.now()).order_by("pk")
    ids = list(expired.values_list("pk", flat=True)[:BATCH])
    RefreshFamily.objects.filter(pk__in=ids).exclude(refreshtoken__expires_at__gt=clock.now()).delete()
    return len(ids)
