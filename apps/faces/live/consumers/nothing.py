from channels.generic.websocket import AsyncWebsocketConsumer


class NothingHere(AsyncWebsocketConsumer):
    """Refuses the handshake (403) on every path that has no consumer."""

    async def connect(self) -> None:
        await self.close()
