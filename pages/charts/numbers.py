"""Numbers as people write them: 2·10⁻⁶, “a millionth”, “halves every 1.3 words”."""

import math

from core.wording import LN10, power, scientific

_FRACTIONS = {
    -1: "a tenth",
    -2: "a hundredth",
    -3: "a thousandth",
    -4: "a ten-thousandth",
    -5: "a hundred-thousandth",
    -6: "a millionth",
    -9: "a billionth",
    -12: "a trillionth",
}


def fraction(log: float) -> str:
    """e^log in words: "a third" as percent, "about a millionth" to the nearest power of ten, growth as "3 times"."""
    if not math.isfinite(log):
        return "nothing at all" if log < 0 else scientific(log)
    decades = log / LN10
    nearest = round(decades)
    if decades > 0.005:
        return f"{scientific(log)} times as much"
    if decades > -0.5:
        return f"{100 * math.exp(log):.0f} %"
    return f"about {_FRACTIONS[nearest]}" if nearest in _FRACTIONS else f"about {power(nearest)}"


def pace(slope: float, unit: str) -> str:
    """A slope in nats per step back as "halves every 1.3 words"; ``unit`` in the plural."""
    if not math.isfinite(slope):
        return "has no steady rate"
    if abs(slope) < math.log(2) / 1000:
        return "keeps its size"
    steps = math.log(2) / abs(slope)
    if steps < 1:
        times = f"{math.exp(abs(slope)):.1f}" if abs(slope) < 7 else scientific(abs(slope))
        return f"{'shrinks' if slope < 0 else 'grows'} {times}-fold per {unit.removesuffix('s')}"
    return f"{'halves' if slope < 0 else 'doubles'} every {steps:.{1 if steps < 10 else 0}f} {unit}"
