"""Sliding, and sliding while others train: how soon the pages answer."""

import asyncio
import time

from tests.load.addresses import lone, spread
from tests.load.classroom import after, leave, seat, slide_about
from tests.load.report import Result, milliseconds
from tests.load.server import Server
from tests.load.trainee import LAST_LOOK, Trainee, bare, compare

STUDENTS = 40
PRESS_EVERY = 0.05  # seconds from one student's Train to the next one's
HEALTH_EVERY = 0.25  # seconds


async def sliding(scale: float) -> list[Result]:
    """40 students slide, one move each per 2 s: in one classroom with equal settings, then each with a seed of his own."""
    results = []
    for name, seeds in (("one classroom", False), ("own seeds", True)):
        with Server() as server:
            students, opened = await seat(server.host, spread(STUDENTS, seeds))
            before, stop, began = server.seconds(), asyncio.Event(), time.perf_counter()
            timer = asyncio.create_task(after(30 * scale, stop))
            read = sum(each.bytes for each in students)
            moves = await slide_about(students, stop)
            read = sum(each.bytes for each in students) - read
            await timer
            used = server.seconds().server - before.server
            errors = await leave(students) + server.trouble()
            numbers = {"students": STUDENTS, "moves": len(moves.answered), **milliseconds(moves.answered)}
            numbers |= {**milliseconds(moves.drawn, "picture"), **milliseconds(opened, "open")}
            numbers |= {"kB a move": read / 1000 / len(moves.answered), "server cores": used / (30 * scale)}
            numbers["server MB"] = server.memory().server
            bars = {"p50 ms": 60, "p95 ms": 250}
            results.append(Result(f"sliding, {name}", numbers, errors, bars, [moves.slowest(began)]))
    return results


async def training(scale: float) -> list[Result]:
    """The same sliding while 40 others train, each something else; then the same trainings without a server."""
    number = max(4, round(STUDENTS * scale))
    work = [lone(seed) for seed in range(5000, 5000 + number)]
    with Server() as server:
        sliders, _ = await seat(server.host, spread(STUDENTS, seeds=True))
        trainees = [Trainee(server.host, each.training.steps) for _, each in work]
        await asyncio.gather(*(each.open(path) for each, (path, _) in zip(trainees, work, strict=True)))
        before, stop = server.seconds(), asyncio.Event()
        moving = asyncio.create_task(slide_about(sliders, stop))
        asking = asyncio.create_task(ask_for_health(server, stop))
        began, client = time.perf_counter(), time.process_time()
        await asyncio.gather(*(each.train(i * PRESS_EVERY) for i, each in enumerate(trainees)))
        await asyncio.gather(*(each.end() for each in trainees))
        took, client = time.perf_counter() - began, time.process_time() - client
        used, workers = server.seconds(), max(1, len(server.workers()))
        stop.set()
        moves, (health, ill) = await moving, await asking
        await asyncio.sleep(LAST_LOOK)
        errors = await leave([*sliders, *trainees]) + ill + server.trouble()
    alone, alone_work, runs = await asyncio.to_thread(bare, [each for _, each in work], workers)
    errors += compare(trainees, runs)
    pauses = [pause for each in trainees for pause in each.pauses]
    quiet = max((seconds for seconds, told in pauses if not told), default=0.0)
    numbers = {"trainings": number, "moves": len(moves.answered), **milliseconds(moves.answered)}
    numbers |= {**milliseconds(moves.drawn, "picture"), **milliseconds(health, "health")}
    numbers |= {"longest pause s": max((seconds for seconds, _ in pauses), default=0.0), "not announced s": quiet}
    numbers |= {"done after s": took, "bare s": alone, "ratio": took / alone}
    work_done = used.workers - before.workers
    numbers |= {"workers' time ratio": work_done / alone_work, "worker cores": work_done / took}
    numbers |= {"server cores": (used.server - before.server) / took, "client cores": client / took}
    bars = {"p50 ms": 100, "p95 ms": 400, "not announced s": 5, "ratio": 1.3, "health p95 ms": 100}
    return [Result("sliding and training", numbers, errors, bars, [moves.slowest(began)])]


async def ask_for_health(server: Server, stop: asyncio.Event) -> tuple[list[float], list[str]]:
    """Seconds of one question after the other, and answers that were none."""
    took, ill = list[float](), list[str]()
    while not stop.is_set():
        try:
            took.append(await server.health())
        except OSError as error:
            ill.append(repr(error))
        await asyncio.sleep(HEALTH_EVERY)
    return took, ill
