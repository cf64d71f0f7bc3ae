"""Numbers as people write them: 2·10⁻⁶, never 0.000002 or 2e-06."""

import math
from collections.abc import Sequence

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LN10 = math.log(10.0)


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


def number(value: float) -> str:
    """A number ≥ 0 in the same way: 2.1e-10 → "2.1·10⁻¹⁰"."""
    return scientific(math.log(value)) if value > 0 else f"{value:.2g}"


def minus(text: str) -> str:
    """The text of a number with a minus that is as wide as the plus."""
    return text.replace("-", "−")


def signed(value: float, digits: int) -> str:
    """With its sign, and a minus that is as wide as the plus: −0.0053."""
    return minus(f"{value:+.{digits}f}")


def listed(words: Sequence[str]) -> str:
    """Several as "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
