"""Writes a recording's header and rows as the bytes of a file."""

import json
import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy import ndarray

from .file_format import COLUMNS, FORMAT, KEY, MOST_BYTES, VERSION, RecordingError
from .kinds import ORDER


def as_bytes(name: str, header: Mapping[str, Any], rows: ndarray) -> bytes:
    """Returns what a file called ``name`` holds. Raises RecordingError for another ending, and where it would grow too large."""
    losses = [[step, _plain(loss)] for step, loss in header["losses"]]
    whole = {"format": FORMAT, "version": VERSION, **header, "losses": losses}
    if name.endswith(".parquet"):
        data = _parquet(whole, rows)
    elif name.endswith(".json"):
        columns = {column: [_plain(value) for value in rows[column].tolist()] for column in COLUMNS}
        data = json.dumps(whole | {"kinds": ORDER, "columns": columns}, ensure_ascii=False, allow_nan=False).encode()
    else:
        raise RecordingError(f"a recording is saved as *.parquet or *.json, not as “{name}”")
    if len(data) > MOST_BYTES:
        raise RecordingError(f"{name} would be larger than {MOST_BYTES >> 20} MB: save it as *.parquet, or record less")
    return data


def _plain(value: float) -> float | str:
    """Returns a number that JSON has, or the word for one that it has not."""
    return value if math.isfinite(value) else repr(value)


def _parquet(header: Mapping[str, Any], rows: ndarray) -> bytes:
    """Returns the bytes of the Parquet file."""
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    columns = {name: pyarrow.array(np.ascontiguousarray(rows[name])) for name in COLUMNS}
    for name, words in (("layer", header["layers"]), ("kind", ORDER)):
        columns[name] = pyarrow.DictionaryArray.from_arrays(
            columns[name].cast("int32"), pyarrow.array(list(words), "string")
        )
    table = pyarrow.table(columns).replace_schema_metadata({KEY: json.dumps(header)})
    sink = BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()
