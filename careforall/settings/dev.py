"""A developer's machine and `make run`: like production, with plain http."""

from .base import *  # noqa: F403
