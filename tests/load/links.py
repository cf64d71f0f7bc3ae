"""Fuzzed permalinks: settings that exist, with values that do, that almost do, and that nobody would think of."""

import random
from urllib.parse import quote, quote_plus

from core.experiment.remedies import REMEDIES
from core.experiment.specs import Experiment, Training
from core.fields import Choice, Flag, Number, Rule, Words, rules
from core.networks import NETWORKS
from core.questions import QUESTIONS
from core.tasks import TASKS

SPECS = (*NETWORKS.values(), *TASKS.values(), Training, Experiment)
RULES: dict[str, Rule] = {name: rule for spec in SPECS for name, rule in rules(spec).items()}
KINDS = {"network": list(NETWORKS), "task": list(TASKS)}
OF_PAGES = {  # settings that are pages' own
    "train": ("0", "1"),
    "guess": ("0", "1"),
    "versus": ("none", "gru", "tanh"),
    "axis": ("near", "deep", "abyss", "up"),
    "row": tuple(QUESTIONS),
    "remedies": ("adam lstm3", "omega", " ".join(REMEDIES)),
    "lesson": ("forgotten", "remedies", "reasoning"),
    "step": ("1", "3", "20"),
    "said": ("3-1", "012", "99"),
    "fix": ("gate", "none"),
    "solved": ("gate", "gate-gate-x"),
    "present": ("0", "1"),
    "hide": ("more", "gap gain", "task"),
    "lock": ("depth", "cell forget_bias"),
}
NUMBERS = (
    *(
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e400",
        "-1e400",
        "1e-400",
        "0",
        "-0",
        "-1",
        "1.5",
        "1,5",
        "1_0",
        " 7 ",
        "+7",
        "0x10",
    ),
    *("٣", "１２", "²", "½", "1e3", "1e", ".", "--1", "1 2", "true", "None", "9" * 30, "9" * 5000, "0" * 400 + "1"),
    "1e9999999999",
)
TEXTS = (
    *(
        "",
        " ",
        "None",
        "null",
        "undefined",
        "[]",
        "{}",
        "__class__",
        "../../etc/passwd",
        "a" * 2000,
        "a " * 300,
        "*" * 50,
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\r\n",
        "\u202eevil",
        "\u200b",
        "\ufeff",
        "\ud7ff",
        "e\u0301" * 9,
        "\N{LATIN SMALL LIGATURE FFI}",
    ),
    *("🦄", "👩‍👩‍👧‍👦", "🇫🇷", "naïve", "ﷺ", "مرحبا", "שלום", "日本語 の 文", "ǅ ß İ"),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&amp;",
        "'; DROP TABLE runs; --",
        "{{7*7}}",
        "${7*7}",
    ),
    *("%(x)s", "$x$", ":red[x]", "`x`", "[x](http://x)", "# x", "| a | b |", "\\", "\\frac{1}{0}", ":material/home:"),
)
RAW = (
    *(
        "%",
        "%zz",
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "%u0041",
        "&&",
        "=",
        "==",
        "?",
        "#x",
        ";a=1",
        "+",
        "%2525",
        "\U0010ffff",
    ),
    "%F0%9F%A6",
)
NAMES = (
    *("", " ", "Cell", "cell ", "cell[]", "cells", "embed", "embed_options", "__init__", "seed\x00", "🦄", "a" * 500),
    *("self", "_"),
)


def fuzzed(rng: random.Random) -> str:
    """The query of one link: 0 to 8 settings, now and then with raw rubbish in between, with hundreds of them, or all large."""
    kind = rng.random()
    if kind < 0.001:
        return "&".join(f"{name}={_large(rng, rule)}" for name, rule in RULES.items() if rng.random() < 0.6)
    parts = [_pair(rng) for _ in range(rng.choice((300, 1200)) if kind > 0.997 else rng.randrange(9))]
    if parts and rng.random() < 0.15:
        parts.append(rng.choice(parts).split("=")[0] + "=" + _escaped(_value(rng, None), rng))  # the same name again
    if rng.random() < 0.1:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(RAW))
    return "&".join(parts)


def probe(rng: random.Random, seed: int) -> str:
    """A link of which the seed can be used and nothing else: its page must show this seed in its address."""
    wrong = [f"{_escaped(rng.choice(NAMES) or 'x', rng)}=1", f"batch={rng.choice(('nan', '1e400', '-5'))}"]
    pairs = [f"seed={seed}", *wrong]
    rng.shuffle(pairs)
    return "&".join(pairs)


def _pair(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.72:
        name = rng.choice(list(RULES))
        return f"{name}={_escaped(_value(rng, RULES[name]), rng)}"
    if kind < 0.8:
        name = rng.choice(list(KINDS))
        return f"{name}={_escaped(rng.choice((*KINDS[name], *TEXTS)), rng)}"
    if kind < 0.93:
        name = rng.choice(list(OF_PAGES))
        return f"{name}={_escaped(rng.choice((*OF_PAGES[name], *OF_PAGES[name], _value(rng, None))), rng)}"
    return f"{_escaped(rng.choice(NAMES), rng)}={_escaped(_value(rng, None), rng)}"


def _value(rng: random.Random, rule: Rule | None) -> str:
    """Mostly something that the rule allows, else a border, a neighbour of it, or rubbish."""
    if rule is None or rng.random() < 0.3:
        return rng.choice(rng.choice((NUMBERS, TEXTS)))
    match rule:
        case Number():
            span = min(rule.high - rule.low, 40 * rule.step)
            inside = rule.low + rng.random() * span
            beyond = rng.choice((rule.low - rule.step, rule.high + rule.step, rule.low, rule.high))
            value = inside if rng.random() < 0.85 else beyond
            return str(round(value)) if rule.whole else f"{value:.6g}"
        case Choice():
            return rng.choice(list(rule.options))
        case Flag():
            return rng.choice("01")
        case Words():
            return " ".join(rng.choice(TEXTS)[:24] for _ in range(rng.randrange(6)))


def _large(rng: random.Random, rule: Rule) -> str:
    """Among the largest that the rule allows, as far as they can be large."""
    if isinstance(rule, Number):
        return rule.text(rule.check("", round(rule.high) if rule.whole else rule.high))
    return quote(_value(rng, rule))


def _escaped(text: str, rng: random.Random) -> str:
    """As a browser, a form, or a careless hand would write it."""
    how = rng.random()
    if how < 0.7:
        return quote(text, safe="", errors="replace")
    return quote_plus(text, errors="replace") if how < 0.9 else text.replace("&", "%26").replace("#", "%23")
