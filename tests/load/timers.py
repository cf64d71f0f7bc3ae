"""Timers of parts of a page that draw themselves again and again: the browser owns them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping


class Timers:
    """Calls ``ask(fragment)`` every so many seconds, for each fragment that has a timer; ends one whose call says False."""

    def __init__(self, ask: Callable[[str], Awaitable[bool]]) -> None:
        self._ask = ask
        self._running: dict[str, tuple[float, asyncio.Task[None]]] = {}

    def tend(self, wanted: Mapping[str, float]) -> None:
        """Timers run exactly as wanted; one that stays the same is not started anew."""
        for fragment, (seconds, task) in list(self._running.items()):
            if wanted.get(fragment) != seconds:
                task.cancel()
                del self._running[fragment]
        for fragment, seconds in wanted.items():
            if fragment not in self._running:
                self._running[fragment] = (seconds, asyncio.create_task(self._repeat(fragment, seconds)))

    async def _repeat(self, fragment: str, seconds: float) -> None:
        going = True
        while going:
            await asyncio.sleep(seconds)
            going = await self._ask(fragment)
