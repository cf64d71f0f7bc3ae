"""Addresses for machines: /health (the process lives), /ready (visitors are welcome), /metrics (counters)."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.server.life import STATE
from pages.server.metrics import exposition


async def health(_request: Request) -> Response:
    """Answers 200 as long as the process answers at all."""
    return PlainTextResponse("ok")


async def ready(_request: Request) -> Response:
    """Answers 200 when a visitor would be served, else 503 with the reason."""
    return PlainTextResponse(STATE.reason or "ready", status_code=503 if STATE.reason else 200)


def metrics(_request: Request) -> Response:
    """Answers with counters as text; in a thread, since the scheduler's lock may be taken for a moment."""
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


ROUTES = [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
