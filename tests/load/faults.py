"""Faults: workers that are killed while they train, and students who leave in the middle and come back."""

import asyncio
import os
import random
import signal

from tests.load.addresses import lone, spread
from tests.load.classroom import leave, seat, slide_about
from tests.load.report import Result, milliseconds
from tests.load.server import Server
from tests.load.trainee import LAST_LOOK, Trainee, bare, compare

KILL_EVERY = 1.5  # seconds
MOST_KILLS = 40
PATIENCE = 5.0  # seconds without a look until the server parks a training
SPARE = 2.0  # seconds for what is under way then


async def kill(scale: float) -> list[Result]:
    """10 trainings, 10 who slide, and a worker killed every 1.5 s: every run ends, with the numbers of an undisturbed one."""
    work = [lone(seed) for seed in range(6000, 6000 + max(3, round(10 * scale)))]
    with Server() as server:
        sliders, _ = await seat(server.host, spread(10, seeds=True))
        trainees = [Trainee(server.host, each.training.steps) for _, each in work]
        await asyncio.gather(*(each.open(path) for each, (path, _) in zip(trainees, work, strict=True)))
        stop = asyncio.Event()
        moving = asyncio.create_task(slide_about(sliders, stop))
        killing = asyncio.create_task(kill_workers(server, stop))
        await asyncio.gather(*(each.train() for each in trainees))
        await asyncio.gather(*(each.end() for each in trainees))
        stop.set()
        moves, killed = await moving, await killing
        await asyncio.sleep(LAST_LOOK)
        warned = [f"the page says: {text}" for each in trainees if (text := each.screen.text("alert"))]
        errors = await leave([*sliders, *trainees]) + warned + server.trouble()
    _, _, runs = await asyncio.to_thread(bare, [each for _, each in work], 2)
    errors += compare(trainees, runs)
    if not killed:
        errors.append("no worker was there to be killed")
    lost = sum(not each.done.is_set() for each in trainees)
    numbers = {"trainings": len(work), "workers killed": killed, "runs lost": lost, **milliseconds(moves.answered)}
    return [Result("workers killed", numbers, errors)]


async def kill_workers(server: Server, stop: asyncio.Event) -> int:
    """Kills one worker after the other, any of those that are there, until ``stop``; how many."""
    rng, killed = random.Random(1), 0
    while not stop.is_set() and killed < MOST_KILLS:
        if victims := server.workers():
            try:
                os.kill(rng.choice(victims), signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                pass
        await asyncio.sleep(KILL_EVERY)
    return killed


async def away(scale: float) -> list[Result]:
    """A student leaves in mid-training: the work ends after five seconds. Coming back twice, it goes on where it was."""
    path, experiment = lone(7000, steps=5000)
    steps, numbers = experiment.training.steps, dict[str, float]()
    with Server() as server:
        first = Trainee(server.host, steps)
        await first.open(path)
        await first.train()
        await first.reach(100)
        errors = await leave([first])
        numbers["left at step"] = reached = first.step
        await asyncio.sleep(PATIENCE + SPARE)
        before = server.work()
        await asyncio.sleep(3)
        numbers["steps while away"] = idle = server.work() - before
        if idle:
            errors.append(f"work went on though nobody was there: {idle:g} steps within 3 s")
        for session in (first.screen.session, ""):  # the old tab reconnects; then a new one, or the page reloaded
            again = Trainee(server.host, steps)
            await again.open(path + "&train=1", session)
            if again.first < reached:
                errors.append(f"left at step {reached}, found step {again.first} on coming back")
            await again.reach(again.first + 1)
            errors += await leave([again])
            reached = again.step
            numbers["back in " + ("the same tab" if session else "a new one") + ", step"] = again.first
        errors += server.trouble()
    return [Result("leaving and coming back", numbers, errors)]
