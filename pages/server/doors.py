"""Counts connections: every page holds one WebSocket, whether it was let in or waits outside."""

from typing import ClassVar

from starlette.types import ASGIApp, Receive, Scope, Send


class Doors:
    """ASGI middleware. ``open``: WebSockets at this moment; all of it happens in one event loop."""

    open: ClassVar[int] = 0

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        Doors.open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            Doors.open -= 1
