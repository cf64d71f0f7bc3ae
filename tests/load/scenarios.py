"""All scenarios by name. Each takes the scale (1: as promised) and starts servers of its own."""

from collections.abc import Awaitable, Callable

from tests.load.faults import away, kill
from tests.load.fuzz import fuzz
from tests.load.report import Result
from tests.load.rooms import room, soak
from tests.load.sharing import equal, same
from tests.load.sliding import sliding, training

Scenario = Callable[[float], Awaitable[list[Result]]]
SCENARIOS: dict[str, Scenario] = {
    "sliding": sliding,
    "training": training,
    "equal": equal,
    "same": same,
    "kill": kill,
    "leave": away,
    "soak": soak,
    "room": room,
    "fuzz": fuzz,
}
