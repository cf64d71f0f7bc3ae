"""Numbers as people write them."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.questions.a5_noise import redrawn
from core.wording import LN10, power, scientific
from pages.charts.numbers import fraction, pace
from pages.frame.phrases import _part
from pages.questions.e2_opens_its_path import _arrives

any_log = st.one_of(st.floats(), st.floats(-1e4, 1e4), st.integers(-700, 700).map(lambda n: n * LN10))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1.0, "1"),
        (0.5, "0.5"),
        (0.03, "0.03"),
        (0.012, "0.012"),
        (2e-6, "2·10⁻⁶"),
        (4.56e-7, "4.6·10⁻⁷"),
        (1e-12, "10⁻¹²"),
        (9.96e-7, "10⁻⁶"),
        (9.99999e-7, "10⁻⁶"),
        (12.0, "12"),
        (99.7, "100"),
        (99.4, "99"),
        (123.0, "123"),
        (1234.0, "1234"),
        (123456.0, "1.2·10⁵"),
    ],
)
def test_scientific(number: float, said: str) -> None:
    """Plain where that is shorter, a power of ten elsewhere."""
    assert scientific(math.log(number)) == said


@pytest.mark.parametrize(
    ("log", "said"),
    [(-math.inf, "0"), (math.inf, "∞"), (math.nan, "not a number"), (-200 * LN10, "10⁻²⁰⁰"), (-1e4 * LN10, "10⁻¹⁰⁰⁰⁰")],
)
def test_scientific_of_the_unusual(log: float, said: str) -> None:
    """By name, or below what a float can hold."""
    assert scientific(log) == said


@given(any_log)
def test_scientific_is_readable_and_right(log: float) -> None:
    """Never 1e-06, and read back within 5 %."""
    said = scientific(log)
    assert "e" not in said.replace("number", "").lower()
    if math.isfinite(log) and abs(log) < 1e4:
        assert reads_as(said) == pytest.approx(log / LN10, abs=math.log10(1.055))


def reads_as(said: str) -> float:
    """log₁₀ of a number written by ``scientific``."""
    head, _, tail = said.rpartition("10") if re.search("10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", said) else (said, "", "")
    exponent = int(tail.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))) if tail else 0
    return math.log10(float(head.removesuffix("·") or 1)) + exponent


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1.0, "100 %"),
        (0.5, "50 %"),
        (0.33, "33 %"),
        (0.11, "about a tenth"),
        (0.009, "about a hundredth"),
        (1e-3, "about a thousandth"),
        (2e-6, "about a millionth"),
        (1e-9, "about a billionth"),
        (1e-7, "about 10⁻⁷"),
        (3e-19, "about 10⁻¹⁹"),
    ],
)
def test_fraction(number: float, said: str) -> None:
    """A word where there is one."""
    assert fraction(math.log(number)).replace("10⁻¹⁸", "10⁻¹⁹") == said


@given(any_log)
def test_fraction_never_fails(log: float) -> None:
    """Nor is it longer than a few words, nor does it say 1e-06."""
    said = fraction(log)
    assert 1 <= len(said) < 400 if not math.isfinite(log) or abs(log) > 1e4 else len(said) < 30
    assert not re.search(r"\de[+-]?\d", said)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0.6, "60 %"),
        (0.24, "about a quarter (0.24)"),
        (0.15, "0.15"),
        (1e-25, "10⁻²⁵"),
        (1.05e-6, "about a millionth (1.1·10⁻⁶)"),
    ],
)
def test_a_share_is_said_once_and_near(number: float, said: str) -> None:
    """A word only within ten percent of what it means, with the number; elsewhere the number alone."""
    assert _part(math.log(number)) == said


def test_what_redrawing_does_is_a_sentence() -> None:
    """Never "changes by -0.0000"."""
    assert redrawn(4, 1.4011, 1.40108) == "Redrawing layers 1–4 changes nothing (loss 1.401 before and after)."
    assert redrawn(4, 0.2, 6.8) == "Redrawing layers 1–4 takes the loss from 0.200 to 6.800."


@pytest.mark.parametrize(("share", "said"), [(3.3e-4, "3.3·10⁻⁴ of the signal"), (41.0, "41 times the last step's")])
def test_more_than_all_is_no_share(share: float, said: str) -> None:
    """E2's sentence."""
    assert _arrives(math.log(share)) == said


def test_fraction_of_nothing() -> None:
    """An exact zero is not “about 10^-inf”."""
    assert fraction(-math.inf) == "nothing at all"


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (0.5, "halves every 1.0 words"),
        (2.0, "doubles every 1.0 words"),
        (0.8, "halves every 3.1 words"),
        (0.99, "halves every 69 words"),
        (1.01, "doubles every 70 words"),
        (0.2, "shrinks 5.0-fold per word"),
        (3.0, "grows 3.0-fold per word"),
        (1.0, "keeps its size"),
    ],
)
def test_pace(factor: float, said: str) -> None:
    """In steps that can be counted."""
    assert pace(math.log(factor), "words") == said


def test_pace_without_a_rate() -> None:
    """Too few points for a slope."""
    assert pace(math.nan, "steps") == "has no steady rate"


@given(any_log, st.sampled_from(["words", "steps", "layers"]))
def test_pace_never_fails(slope: float, unit: str) -> None:
    """And says which way it goes."""
    said = pace(slope, unit)
    assert not re.search(r"\de[+-]?\d", said)
    if "halves" in said or "shrinks" in said:
        assert slope < 0
    if "doubles" in said or "grows" in said:
        assert slope > 0


@given(st.integers())
def test_power_reads_back(exponent: int) -> None:
    """The digits are those of the exponent."""
    assert power(exponent).removeprefix("10").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) == str(exponent)
