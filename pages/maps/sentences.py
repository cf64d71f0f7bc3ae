"""What a map shows, in one or two sentences, in numbers."""

import math
from collections.abc import Callable, Iterable

import numpy as np

from core import FeedForward
from core.maps.surveys import Reading, crossing
from core.maps.sweeps import Sweep
from core.questions.thresholds import LEARNED
from core.theory.scales import trainable_depth
from pages.maps.drawing import reach
from pages.maps.entries import Level, Map
from pages.maps.findings import Findings, Outcome, Place

STEADY = math.log(1.05)  # nats per step that pass for "keeps its size"
HEALTHY = 2.0  # decades up or down that training can live with


def seen(entry: Map, sweep: Sweep, shown: str, quick: Findings, known: Findings) -> str:
    """What is seen, as far as it is known."""
    if shown == "learned":
        return _learned(entry, sweep, quick, known)
    readings = {place: each for place in sweep.experiments() if (each := quick.reading(place))}
    if not readings:
        return "The networks are being measured, one row after the other."
    return _rates(entry, sweep, readings) if shown == "rate" else _shares(entry, sweep, readings)


def healthy(sweep: Sweep, quick: Findings) -> float:
    """The share of the map's networks in which the gradient arrives, neither vanished nor exploded."""
    found = [abs(each.decades) <= HEALTHY for place in sweep.experiments() if (each := quick.reading(place))]
    return sum(found) / max(1, len(found))


def succeeded(sweep: Sweep, known: Findings) -> float:
    """The share of the map's networks that have learned."""
    return sum(map(_good, known.outcomes.values())) / max(1, len(sweep.experiments()))


def _good(outcome: Outcome) -> bool:
    return outcome.accuracy >= LEARNED and not outcome.trouble


def _rates(entry: Map, sweep: Sweep, readings: dict[Place, Reading]) -> str:
    slopes = [each.slope for each in readings.values()]
    fades, grows = sum(each < -STEADY for each in slopes), sum(each > STEADY for each in slopes)
    text = (
        f"In **{fades}** of {len(slopes)} networks the gradient fades, in **{grows}** it grows, and in "
        f"**{len(slopes) - fades - grows}** it changes by less than 5 % per {sweep.base.network.axis}."
    )
    text += _edges(entry, sweep, readings)
    errors = [
        abs(each.slope - each.predicted) for each in readings.values() if each.theory and math.isfinite(each.slope)
    ]
    if not errors:
        return text + " No theory holds for these settings."
    missed = 100 * math.expm1(float(np.mean(errors)))
    return f"{text} Where theory holds ({len(errors)} networks) its factor is {missed:.1g} % off on average."


def _edges(entry: Map, sweep: Sweep, readings: dict[Place, Reading]) -> str:
    """Where the factor passes 1 from left to right, in the lowest and the highest row where it does."""
    if not entry.symbol:
        return ""
    found = []
    for row, stop in enumerate(sweep.y.stops):
        cells = [readings.get((column, row)) for column in range(len(sweep.x.stops))]
        measured, theory = (
            crossing([getattr(each, name) if each else math.nan for each in cells]) for name in ("slope", "predicted")
        )
        if measured is not None:
            found.append((stop.label, sweep.x.number(measured), sweep.x.number(theory) if theory is not None else None))
    if not found:
        return " Nowhere on this map does the factor pass 1."
    ends = [found[0]] if len(found) == 1 else [found[0], found[-1]]
    where = " and at ".join(f"**{entry.symbol} = {at:.2f}** ({sweep.y.label}: {label})" for label, at, _ in ends)
    apart = [abs(at - theory) for _, at, theory in found if theory is not None]
    beside = f"; theory's edge is {np.mean(apart):.2f} away on average" if apart else ""
    return f" The edge is at {where}{beside}."


def _shares(entry: Map, sweep: Sweep, readings: dict[Place, Reading]) -> str:
    values = {place: each.decades for place, each in readings.items()}
    well = [place for place, each in values.items() if abs(each) <= HEALTHY]
    lost, wild = (sum(sign * each < -6 for each in values.values()) for sign in (1, -1))
    text = (
        f"Between a hundredth and a hundredfold of the signal arrives in **{len(well)}** of {len(values)} networks; in "
        f"{lost} it is less than a millionth" + (f", in {wild} more than a millionfold." if wild else ".")
    )
    if bound := _within_reach(sweep, values):
        near = [place for place in values if bound(place)]
        among = len(set(near) & set(well))
        text += f" Of the {len(near)} that are no deeper than theory's 6 ξ, {among} are among those {len(well)}."
    return text


def _learned(entry: Map, sweep: Sweep, quick: Findings, known: Findings) -> str:
    done = {place: each for place, each in known.outcomes.items() if each.done}
    total = len(sweep.experiments())
    if not done:
        return f"None of these {total} networks is trained yet."
    good = {place for place, each in done.items() if _good(each)}
    wild = sum(bool(each.trouble) for each in done.values())
    text = f"**{len(good)} of {len(done)}** networks learned it ({100 * LEARNED:.0f} % or more right on new data)"
    text += f"; {wild} blew up." if wild else "."
    if len(done) < total:
        text += f" {total - len(done)} are still to be trained."
    readings = {place: each for place in done if (each := quick.reading(place))}
    for level in entry.levels:
        some = {place for place, each in readings.items() if (each.decades >= level.decades) == level.above}
        if some:
            text += (
                f" Where {'at least' if level.above else 'less than'} {share_of(level)} of the signal arrived before "
                f"training, {len(some & good)} of {len(some)} learned it."
            )
    if bound := _within_reach(sweep, done):
        near = {place for place in done if bound(place)}
        text += (
            f" Of the {len(near)} no deeper than theory's 6 ξ, {len(near & good)} learned; of the {len(done) - len(near)} "
            f"deeper ones, {len(good - near)}."
        )
    return text


def share_of(level: Level) -> str:
    """A level in words."""
    return f"{100 * 10**level.decades:.1g} %"


def _within_reach(sweep: Sweep, places: Iterable[Place]) -> Callable[[Place], bool] | None:
    """Whether a cell is no deeper than 6 ξ; None where theory has no such bound."""
    if not reach(sweep):
        return None
    networks = {place: each.network for place in places if (each := sweep.cell(*place).experiment)}
    near = {
        place
        for place, network in networks.items()
        if isinstance(network, FeedForward) and network.depth <= trainable_depth(network)
    }
    return near.__contains__
