from . import chat, dedications, erasure, followers, inbox, letters, payouts, plans, webhooks  # noqa: F401  they subscribe
from .feed import post_feed

__all__ = ["post_feed"]
