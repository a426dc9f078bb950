"""A charity's installation: https in front."""

from .base import *  # noqa: F403
from .base import PUBLIC_URL

SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_URL.startswith("https://") else 0
