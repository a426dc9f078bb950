"""What all sockets have in common: whose page, who signed in, how much may be sent, refusals by name."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django import db

from apps.platform.errors import Refused

from .. import metrics, origins
from ..database import ask
from ..frames import BadFrame
from ..outgoing import Outgoing, writer
from ..sign_in import Identity, InvalidTicket, identify
from ..watch import Claim, watch

log = logging.getLogger(__name__)
OVERFLOW, NOT_SIGNED_IN, NO_ROOM, TOO_BIG, POLICY, TRY_AGAIN = 4008, 4401, 4404, 1009, 1008, 1013
FRAMES_MAX, WINDOW_SECONDS = 60, 10.0
_CLOSES = {"frame-too-large": TOO_BIG, "too-many-frames": POLICY, "signed-out": NOT_SIGNED_IN, "unknown-room": NO_ROOM}


class SignedOut(Refused):
    """The sign-in with which this socket was opened has ended."""

    code = "signed-out"
    title = "Your sign-in has ended. Sign in again."


class LiveConsumer(AsyncWebsocketConsumer, ABC):
    """One socket. What it is about is said by those who derive from this, in four methods."""

    kind = "other"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.identity = Identity()
        self.outgoing = Outgoing(self.send_text, self._overflow, writer(scope))
        self.tasks: set[asyncio.Task[None]] = set()
        self.window_started, self.frames_in_window = time.monotonic(), 0
        self.is_closing = False
        metrics.sockets.labels(self.kind).inc()
        try:
            await super().__call__(scope, receive, send)
        finally:  # also where the client vanished in the middle of a send, and no disconnect is reported
            metrics.sockets.labels(self.kind).dec()
            watch.remove(self)
            self.ended()
            for task in self.tasks:
                task.cancel()

    @abstractmethod
    async def opened(self) -> None:
        """Welcome whoever came. Raises Refused for who may not stay."""

    @abstractmethod
    async def got(self, text: str | None) -> None:
        """Do what a frame says, None for one that is not text. Raises BadFrame, Refused."""

    @abstractmethod
    def ended(self) -> None:
        """Leave whatever was joined. Called once, however the socket ended."""

    @abstractmethod
    def error_frame(self, code: str, detail: str, **about: Any) -> str:
        """What a refusal looks like."""

    async def connect(self) -> None:
        if not origins.is_ours(self.scope["headers"]):
            await self.close()
            return
        await self.accept()
        try:
            self.identity = await ask(identify, self.scope)
            await self.opened()
        except InvalidTicket:
            await self.refuse("invalid-ticket", "The ticket is unknown, used or older than 30 seconds.", NOT_SIGNED_IN)
        except Refused as refused:
            await self.refuse(refused.code, refused.detail, _CLOSES.get(refused.code, POLICY))
        except db.Error:
            await self.refuse("unavailable", "Try again in a moment.", TRY_AGAIN)
        else:
            self.run(self.outgoing.pump())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closing:  # what was sent on top of what closed the socket is not answered
            return
        try:
            self._count_frame()
            await self.got(text_data)
        except BadFrame as bad:
            await self.refuse(bad.code, bad.detail, _CLOSES.get(bad.code))
        except Refused as refused:
            about = {"retry_after": refused.retry_after} if refused.retry_after else {}
            await self.refuse(refused.code, refused.detail, _CLOSES.get(refused.code), **about)
        except db.Error as error:
            log.warning("a live frame could not be served", extra={"error": type(error).__name__})
            await self.refuse("unavailable", "Try again in a moment.", TRY_AGAIN)

    def stand_on(self, claim: Claim) -> None:
        """Close this socket, within a bound, when the claim ends."""
        watch.add(self, claim, self._broken)

    async def refuse(self, code: str, detail: str, close_code: int | None = None, **about: Any) -> None:
        await self.send_text(self.error_frame(code, detail, **about))
        if close_code is not None:
            self.is_closing = True
            self.outgoing.close()
            await self.close(close_code)

    async def send_text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    def run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(_log_failure)

    def _broken(self, reason: str) -> None:
        watch.remove(self)
        details = {"signed-out": SignedOut.title}
        self.run(self.refuse(reason, details.get(reason, "This room is closed to you."), _CLOSES[reason]))

    def _overflow(self) -> None:
        self.run(self.close(OVERFLOW))

    def _count_frame(self) -> None:
        now = time.monotonic()
        if now - self.window_started > WINDOW_SECONDS:
            self.window_started, self.frames_in_window = now, 0
        self.frames_in_window += 1
        if self.frames_in_window > FRAMES_MAX:
            raise BadFrame("too-many-frames", f"Send at most {FRAMES_MAX} frames in {WINDOW_SECONDS:.0f} seconds.")


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) and not isinstance(error, OSError):
        log.error("a live socket's task failed", exc_info=error)
