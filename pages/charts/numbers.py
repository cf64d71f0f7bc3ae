"""Numbers as people write them: 2·10⁻⁶, “a millionth”, “halves every 1.3 words”."""

import math

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LN10 = math.log(10.0)
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


def power(exponent: int) -> str:
    """−6 → "10⁻⁶"."""
    return "10" + str(exponent).translate(SUPERSCRIPT)


def scientific(log: float) -> str:
    """e^log as "2·10⁻⁶", or as a plain number where that is shorter; "0", "∞" and "not a number" by name."""
    if math.isnan(log):
        return "not a number"
    if math.isinf(log):
        return "∞" if log > 0 else "0"
    if -2 * LN10 <= log < 4 * LN10:
        number = math.exp(log)
        return f"{number:.2g}" if number < 9.95 else f"{number:.0f}"
    exponent = math.floor(log / LN10)
    mantissa = 10 ** (log / LN10 - exponent)
    if f"{mantissa:.1f}" == "10.0":
        mantissa, exponent = 1.0, exponent + 1
    head = "" if f"{mantissa:.1f}" == "1.0" else f"{mantissa:.1f}".removesuffix(".0") + "·"
    return head + power(exponent)


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
