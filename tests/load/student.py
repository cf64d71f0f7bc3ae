"""A simulated student: speaks the app's own websocket protocol, as the browser does.

The browser owns the timers of parts that draw themselves again and again, so the student's side asks for them on time.
Unlike a browser it keeps no copies of large messages for later: the server always sends them whole.
"""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.load.screen import Screen
from tests.load.timers import Timers

PATIENCE = 60.0  # seconds until a student takes the server for dead


class NoAnswer(RuntimeError):
    """The server did not answer in time, or the connection broke."""


class Student:
    """One tab. ``errors`` are what its page showed, and what it waited for in vain."""

    def __init__(self, host: str, patience: float = PATIENCE) -> None:
        self.host = host  # such as http://127.0.0.1:8501
        self.screen = Screen()
        self.drawn = float("nan")  # seconds from the newest request to its picture
        self.bytes = 0
        self.finished: list[Callable[[], None]] = []  # called whenever a run has ended
        self._patience = patience
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._timers = Timers(self._look_again)
        self._answer: asyncio.Future[float] | None = None
        self._wanted = ""
        self._matching = False
        self._asked = 0.0

    @property
    def errors(self) -> list[str]:
        """Everything that went wrong so far."""
        return self.screen.errors

    async def open(self, path: str = "/", session: str = "") -> float:
        """Opens an address such as “/depth?gain=2”, in a new session or an old one's; seconds until it is drawn."""
        address = urlsplit(self.host)
        offered = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", session] if session else ["streamlit"]
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._patience):
                self._socket = await connect(
                    f"ws://{address.netloc}/_stcore/stream",
                    subprotocols=offered,  # type: ignore[arg-type]
                    compression=None,
                    max_size=None,
                    proxy=None,
                    ping_interval=None,
                )
        except (OSError, TimeoutError, WebSocketException) as error:
            raise self._trouble(f"no connection: {error!r}") from error
        self._reader = asyncio.create_task(self._read(self._socket))
        await self.go(path)
        return time.perf_counter() - began

    async def go(self, path: str) -> float:
        """Another address in the same tab, without a trace of the page before; seconds until it is drawn."""
        parts = urlsplit(path)
        name, self.screen.query = parts.path.strip("/"), parts.query
        self.screen.clear()
        self._timers.tend(self.screen.timers)
        there = self.screen.pages.get(name, "")
        return await self._ask(ClientState(page_script_hash=there, page_name="" if there else name))

    async def slide(self, key: str, value: float) -> float:
        """Puts a slider to ``value``; seconds until the run that answers has ended (``drawn``: until its picture came)."""
        slider = self.screen.widget(key)
        self.screen.states[slider.proto.id] = WidgetState(id=slider.proto.id, double_array_value={"data": [value]})
        return await self._ask(self._state(slider.fragment))

    async def click(self, key: str) -> float:
        """Presses a button; seconds until the run that answers has ended."""
        button = self.screen.widget(key)
        state = self._state(button.fragment)
        state.widget_states.widgets.append(WidgetState(id=button.proto.id, trigger_value=True))
        return await self._ask(state)

    async def close(self) -> None:
        """Shuts the tab."""
        if self._reader:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        self.screen.timers.clear()
        self._timers.tend(self.screen.timers)
        if self._socket:
            socket, self._socket = self._socket, None
            await socket.close()

    def _state(self, fragment: str) -> ClientState:
        state = ClientState(page_script_hash=self.screen.page, fragment_id=fragment)
        state.widget_states.widgets.extend(self.screen.states.values())
        return state

    async def _ask(self, state: ClientState) -> float:
        self._answer = answer = asyncio.get_running_loop().create_future()
        self._wanted, self._matching = state.fragment_id, False
        self._asked, self.drawn = time.perf_counter(), float("nan")
        try:
            async with asyncio.timeout(self._patience):
                await self._send(state)
                return await answer
        except (TimeoutError, WebSocketException) as error:
            what = "no answer" if isinstance(error, TimeoutError) else f"the connection broke: {error!r}"
            raise self._trouble(f"{what}, asked for {self.screen.query[:80]!r}") from error
        finally:
            self._answer = None

    async def _send(self, state: ClientState) -> None:
        if self._socket is None:
            raise self._trouble("the tab is shut")
        state.query_string = self.screen.query
        state.context_info.url = self.host + "/"
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                self.bytes += len(data)
                self._take(ForwardMsg.FromString(data))  # type: ignore[arg-type]
        except Exception as error:  # whatever it is, whoever waits for an answer must not wait on
            self._fail(f"the connection broke: {error!r}")
        else:
            self._fail("the server shut the connection")

    def _take(self, message: ForwardMsg) -> None:
        kind = self.screen.take(message)
        if kind == "new_session":
            self._matching = self._answer is not None and (
                not self.screen.fragments or self._wanted in self.screen.fragments
            )
        elif kind == "vega_lite_chart" and self._matching:
            self.drawn = time.perf_counter() - self._asked
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.screen.forget_unused()
            self._timers.tend(self.screen.timers)
            if self._matching and self._answer and not self._answer.done():
                self._answer.set_result(time.perf_counter() - self._asked)
            self._matching = False
            for each in self.finished:
                each()
        elif kind in ("auto_rerun", "stop_auto_rerun"):
            self._timers.tend(self.screen.timers)

    async def _look_again(self, fragment: str) -> bool:
        state = self._state(fragment)
        state.is_auto_rerun = True
        try:
            await self._send(state)
        except (WebSocketException, NoAnswer):
            return False  # the reader says so
        return True

    def _fail(self, what: str) -> None:
        trouble = self._trouble(what)
        self._socket = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(trouble)

    def _trouble(self, what: str) -> NoAnswer:
        self.screen.errors.append(what)
        return NoAnswer(what)
