from . import inbox  # noqa: F401  subscribes
from .feed import post_feed

__all__ = ["post_feed"]
