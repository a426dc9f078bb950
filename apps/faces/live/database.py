"""Asking the database from async code: two threads a process, each with its own connection, however many sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections

Answer = TypeVar("Answer")
THREADS = 2
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")


async def ask(question: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    """Run a blocking function in one of the threads; what it raises, this raises."""
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_ask, question, *args, **kwargs))


def _ask(question: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    close_old_connections()
    return question(*args, **kwargs)
