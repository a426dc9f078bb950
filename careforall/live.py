"""Runs the live process: `python -m careforall.live --host 127.0.0.1 --port 8000`."""

from __future__ import annotations

import argparse

import uvicorn

from .live_protocol import LiveProtocol

FRAME_MAX = 65_536
"""What the server takes at all; above 16 KiB a frame is refused by name (apps/faces/live/frames.py)."""


def config(host: str, port: int) -> uvicorn.Config:
    """Frames are not compressed (docs/decisions/0124); the edge logs who comes."""
    return uvicorn.Config(
        "careforall.asgi:application",
        host=host,
        port=port,
        ws=LiveProtocol,
        ws_max_size=FRAME_MAX,
        ws_per_message_deflate=False,
        log_level="warning",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs the live process.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    uvicorn.Server(config(asked.host, asked.port)).run()


if __name__ == "__main__":
    main()
