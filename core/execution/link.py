"""The connection to a Dask scheduler: kept up, made anew when the scheduler has been away, and an eye on its workers.

All of it happens in one event loop; what is not a coroutine only reads.
"""

import asyncio
import logging
import pickle
from contextlib import suppress
from uuid import uuid4

try:
    import dask
    from distributed import Client, KilledWorker
    from distributed import Future as Asked
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("GDL_SCHEDULER is set: that needs pip install -r requirements-cluster.txt") from error

__all__ = ["CONNECT", "KilledWorker", "Link"]
CONNECT = 10.0  # seconds that a scheduler has for an answer
LOOK = 1.0  # seconds between two counts of the workers
LOG = logging.getLogger(__name__)
# The weights of a large network are what is sent here, and no mistake that Dask would have to warn of.
dask.config.set({"distributed.admin.large-graph-warning-threshold": "10 GB"})


class Link:
    """To the scheduler at ``address``; away: seconds to wait for it, or for a first worker, before giving up.

    threads: of each worker, by its address. lost: how many workers have gone away so far.
    """

    def __init__(self, address: str, away: float) -> None:
        self.address = address
        self.threads: dict[str, int] = {}
        self.lost = 0
        self._away = away
        self._there = True
        self._asked: set[Asked[bytes]] = set()

    async def open(self) -> None:
        """Connects, for the first time. Raises ConnectionError."""
        self._loop = asyncio.get_running_loop()
        self._client: asyncio.Future[Client] = self._loop.create_future()
        self._linked_at = self._staffed_at = self._loop.time()
        try:
            self._client.set_result(await self._connect())
            await self._count(self._client.result())
        except Exception as error:
            raise ConnectionError(
                f"no Dask scheduler answers at {self.address}: start one there (dask scheduler), or correct GDL_SCHEDULER"
            ) from error
        self._keeping = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Leaves the scheduler, which goes on."""
        self._keeping.cancel()
        await asyncio.wait([self._keeping])

    async def ask(self, message: bytes) -> tuple[bytes, str]:
        """Returns what the message becomes when a worker unpickles it.

        Raises ConnectionError if the scheduler is away for too long, CancelledError (of concurrent.futures) or another OSError
        if it went away now or if it is ``deserted``, KilledWorker if workers die, and whatever Dask itself complains of.
        """
        asked = (await self._standing()).submit(pickle.loads, message, key=f"call-{uuid4().hex}", pure=False)
        self._asked.add(asked)
        try:
            return await asked
        finally:
            self._asked.discard(asked)
            asked.release()

    @property
    def deserted(self) -> bool:
        """The scheduler has had no workers for too long."""
        return self._linked_at - self._staffed_at > self._away

    async def _standing(self) -> Client:
        try:
            async with asyncio.timeout_at(max(self._linked_at + self._away, self._loop.time() + LOOK)):
                while True:
                    client = await asyncio.shield(self._client)
                    if client.status == "running":
                        return client
                    await asyncio.sleep(LOOK / 10)  # it will be replaced
        except TimeoutError:
            raise ConnectionError(f"the Dask scheduler at {self.address} has gone away") from None

    async def _connect(self) -> Client:
        client = Client(self.address, asynchronous=True, set_as_default=False, timeout=CONNECT)
        try:
            async with asyncio.timeout(CONNECT):
                return await client
        except BaseException:
            await _leave(client)
            raise

    async def _keep(self) -> None:
        while True:
            client = await self._client
            try:
                while client.status in ("running", "connecting"):  # it tries to connect again by itself, for a while
                    self._noticed(client.status == "running" and await self._answers(client))
                    await asyncio.sleep(LOOK)
            except TimeoutError:
                LOG.warning("The Dask scheduler at %s is silent.", self.address)
            finally:
                self._client = self._loop.create_future()
                await _leave(client)
            while not self._client.done():
                try:
                    self._client.set_result(await self._connect())
                except Exception as error:
                    self._noticed(False)
                    LOG.info("The Dask scheduler at %s is still away: %r", self.address, error)
                    await asyncio.sleep(LOOK)

    def _noticed(self, there: bool) -> None:
        if there and not self._there:
            self._staffed_at = self._loop.time()  # workers come after their scheduler
        if there != self._there:
            LOG.warning("The Dask scheduler at %s %s.", self.address, "is back" if there else "has gone away")
        self._there = there

    async def _answers(self, client: Client) -> bool:
        try:
            await self._count(client)
        except TimeoutError:
            raise
        except OSError:
            return False
        return True

    async def _count(self, client: Client) -> None:
        async with asyncio.timeout(CONNECT):
            threads = await client.nthreads()
        self.lost += len(self.threads.keys() - threads.keys())
        self.threads = dict(threads)
        self._linked_at = self._loop.time()
        if threads:
            self._staffed_at = self._linked_at
        elif self.deserted:
            await client.cancel(list(self._asked))


async def _leave(client: Client) -> None:
    with suppress(Exception):
        async with asyncio.timeout(CONNECT / 2):
            await client.close()
