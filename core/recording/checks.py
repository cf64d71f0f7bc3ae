"""What a file must hold before it is believed to be a recording."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from .file_format import FORMAT, NOT_FINITE, VERSION, RecordingError
from .kinds import ORDER
from .ledger import MOST_ROWS, ROW, WHOLE
from .recording import Recording
from .watch import PLACES, VALUES, Finding

_MOST_LAYERS, _LONGEST_NAME, _LARGEST = 10_000, 500, 2**31 - 1
_LIMITS = {
    "step": (0, _LARGEST),
    "position": (WHOLE, _LARGEST),
    "zeros": (0, 1),
    "nonfinite": (0, 2**53),
    "size": (1, 2**53),
}


def hold(condition: bool, otherwise: str) -> None:
    """Raises RecordingError that says ``otherwise`` where the condition does not hold."""
    if not condition:
        raise RecordingError(
            f"this is not a recording: {otherwise}. A GradientRecorder's save(“run.parquet”) makes one"
        )


def checked(header: Any, columns: Mapping[str, ndarray], words: Mapping[str, Sequence[Any]]) -> Recording:
    """Returns a recording from its header and columns (int64 or float64), of which layer and kind are numbers into ``words``.

    Raises RecordingError.
    """
    hold(isinstance(header, dict) and header.get("format") == FORMAT, f"it does not call itself “{FORMAT}”")
    version, layers, every = (header.get(name) for name in ("version", "layers", "every"))
    if version != VERSION:
        raise RecordingError(
            f"this recording is of version {version!r}, but version {VERSION} is read here: update the program"
        )
    hold(_whole(every, 1), "“every” is no whole number from 1")
    hold(_list(layers, _name, _MOST_LAYERS) and len(set(layers)) == len(layers), "“layers” are not different names")
    hold(_list(header.get("losses"), _is_loss, MOST_ROWS), "“losses” are not pairs of a step and a number")
    hold(_list(header.get("findings"), _is_finding, len(PLACES)), "“findings” are not as they should be")
    losses = tuple((step, float(loss)) for step, loss in header["losses"])
    findings = tuple(Finding(**finding) for finding in header["findings"])
    types = header.get("types", [])
    hold(_list(types, _name, _MOST_LAYERS) and len(types) in (0, len(layers)), "“types” are not one for each layer")
    rows = _rows(columns, {name: (words[name], known) for name, known in (("layer", layers), ("kind", ORDER))})
    return Recording(every, tuple(layers), rows, losses, findings, tuple(types))


def _rows(columns: Mapping[str, ndarray], named: Mapping[str, tuple[Sequence[Any], Sequence[str]]]) -> ndarray:
    """Returns the columns side by side; ``named`` has the words that a column's numbers point to, and those that there may be."""
    count = len(columns["step"])
    hold(all(len(column) == count for column in columns.values()), "its columns differ in length")
    hold(count <= MOST_ROWS, f"it has more than {MOST_ROWS} rows")
    rows = np.empty(count, ROW)
    for name, column in columns.items():
        if name in named:
            words, known = named[name]
            hold(
                all(word in known for word in words),
                f"the column “{name}” has words that are not among {', '.join(known[:9])}",
            )
            hold(_within(column, 0, len(words) - 1), f"the column “{name}” points nowhere")
            column = np.array([known.index(word) for word in words], int)[column]
        elif name in _LIMITS:
            low, high = _LIMITS[name]
            hold(_within(column, low, high), f"the column “{name}” has a number that is not from {low} to {high}")
        rows[name] = column
    hold(bool(np.all(rows["nonfinite"] <= rows["size"])), "it counts more non-finite entries than there are")
    return rows


def _within(column: ndarray, low: float, high: float) -> bool:
    """Tells whether all of it is from low to high; NaN is not."""
    return bool(np.all((column >= low) & (column <= high)))


def _list(value: Any, good: Callable[[Any], bool], most: int) -> bool:
    """Tells whether it is a list of at most ``most``, each as it should be."""
    return isinstance(value, list) and len(value) <= most and all(good(item) for item in value)


def _whole(value: Any, low: int) -> bool:
    """Tells whether it is a whole number from ``low``, such as a step."""
    return type(value) is int and low <= value <= _LARGEST


def _name(value: Any) -> bool:
    """Tells whether it can be a module's or a parameter's name."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME


def is_number(value: Any) -> bool:
    """Tells whether it is a float, a whole number that a float can hold, or the name of what is not finite."""
    return type(value) is float or (type(value) is int and abs(value) <= 2**53) or value in NOT_FINITE


def _is_loss(value: Any) -> bool:
    """Tells whether it is [step, loss]."""
    return isinstance(value, list) and len(value) == 2 and _whole(value[0], 0) and is_number(value[1])


def _is_finding(value: Any) -> bool:
    """Tells whether it has the fields of a ``Finding``, and nothing else."""
    return (
        isinstance(value, dict)
        and set(value) == {"step", "where", "name", "value"}
        and _whole(value["step"], 0)
        and value["where"] in tuple(PLACES)
        and _name(value["name"])
        and value["value"] in VALUES
    )
