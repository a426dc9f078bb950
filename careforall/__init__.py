import os
from pathlib import Path

# Where the processes of one machine or container add up their figures; must be there before the first of them is imported.
if _figures := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(_figures).mkdir(parents=True, exist_ok=True)

from .celery import app as celery_app  # noqa: E402  counts, too

__all__ = ["celery_app"]
