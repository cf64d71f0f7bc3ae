"""Equal experiments: one computation for all who watch it, and the same numbers for everybody."""

import asyncio
import time
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd

from core import Experiment, from_query, measure
from core.wording import LN10
from tests.load.addresses import PROFILES, SLIDERS, lone
from tests.load.classroom import leave, seat
from tests.load.report import Result
from tests.load.server import Server
from tests.load.sliding import STUDENTS
from tests.load.student import Student
from tests.load.trainee import LAST_LOOK, Trainee, bare, compare

# page, settings in the address, and where all then put the slider
SAME = (("", "seed=41&cell=gru", 14), ("depth", "seed=42&activation=tanh", 24), ("time", "seed=43&length=40", 0.9))


async def equal(scale: float) -> list[Result]:
    """One student trains; then, on a fresh server, 40 train the same: what it costs the workers, and the server."""
    path, experiment = lone(8000, steps=max(100, round(500 * scale)))
    _, _, runs = await asyncio.to_thread(bare, [experiment], 1)
    numbers, errors, work = dict[str, float](), list[str](), list[float]()
    for number in (1, STUDENTS):
        with Server() as server:
            trainees = [Trainee(server.host, experiment.training.steps) for _ in range(number)]
            await asyncio.gather(*(each.open(path) for each in trainees))
            before, done, began = server.seconds(), server.work(), time.perf_counter()
            await asyncio.gather(*(each.train() for each in trainees))
            await asyncio.gather(*(each.end() for each in trainees))
            numbers[f"{number} done after s"] = time.perf_counter() - began
            numbers[f"{number} workers s"] = server.seconds().workers - before.workers
            numbers[f"{number} server s"] = server.seconds().server - before.server
            work.append(server.work() - done)
            await asyncio.sleep(LAST_LOOK)
            errors += await leave(trainees) + server.trouble()
        errors += compare(trainees, runs * number)
    return [Result("equal trainings", {"work ratio": work[1] / work[0], **numbers}, errors, {"work ratio": 1.2})]


async def same(scale: float) -> list[Result]:
    """40 open the same page at once and then move its slider at once: everybody's numbers are equal, and those of ``core``."""
    errors, compared = list[str](), 0
    with Server() as server:
        for page, query, value in SAME:
            students, _ = await seat(server.host, [f"/{page}?{query}"] * STUDENTS, at_once=STUDENTS)
            settings = dict(parse_qsl(query))
            errors += differing(page, students, from_query(settings, PROFILES[page]))
            await asyncio.gather(*(each.slide(SLIDERS[page], value) for each in students))
            settings[SLIDERS[page].split("-")[1]] = str(value)
            errors += differing(page, students, from_query(settings, PROFILES[page]))
            compared += 2 * len(students)
            errors += await leave(students)
        errors += server.trouble()
    return [Result("equal settings, equal numbers", {"charts compared": compared}, errors)]


def differing(page: str, students: list[Student], experiment: Experiment) -> list[str]:
    """Whose chart differs from the first one's in any bit, and where that one is not what ``core`` measures."""
    tables = [each.screen.table() for each in students]
    first = tables[0]
    wrong = [f"/{page}: student {i} sees other numbers" for i, each in enumerate(tables) if not each.equals(first)]
    points = first[first["role"] == "measured"].set_index("lag")["decades"]
    profile = measure(experiment)
    expected = pd.Series(profile.relative / LN10, index=profile.lag).reindex(points.index)
    inside = expected.clip(points.min(), points.max())  # the chart cuts what lies outside
    if len(points) < 5 or not np.allclose(points, inside, rtol=1e-9, atol=1e-9):
        wrong.append(f"/{page}: the chart's {len(points)} points are not those of core.measure({experiment})")
    return wrong
