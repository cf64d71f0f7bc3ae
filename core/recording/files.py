"""Recordings as files: Parquet (small) or JSON (readable anywhere).

Both have a header, {"format", "version", "every", "layers", "types" (may be missing), "losses": [[step, loss], …], "findings":
[{"step", "where", "name", "value"}, …]}, and the columns step, layer, kind, position, log_norm, zeros, nonfinite, size (see
``Recording``).

- Parquet: the header is the schema's metadata "gradient-decay-lab", as JSON; layer and kind are dictionaries of words, so that
  ``pandas.read_parquet`` gives the table by itself.
- JSON: the header is the object, with two more entries: "columns", a list for each, in which layer and kind are numbers into the
  lists "layers" and "kinds", and NaN and ±∞ are the words "nan", "inf", "-inf".
"""

import json
import math
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .checks import COLUMNS, FORMAT, VERSION, RecordingError, checked, hold, is_number
from .kinds import ORDER
from .recording import MOST_ROWS, Recording

MOST_BYTES = 1 << 26
_KEY = b"gradient-decay-lab"
_REALS = ("log_norm", "zeros")


def write(recording: Recording, path: Path) -> None:
    """Writes ``*.parquet`` or ``*.json``. Raises RecordingError for other names and for a file that would grow too large."""
    path.write_bytes(as_bytes(recording, path.name))


def as_bytes(recording: Recording, name: str) -> bytes:
    """What a file called ``name`` holds. Raises RecordingError like ``write``."""
    header: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "every": recording.every,
        "layers": recording.layers,
        "types": recording.types,
        "losses": [[step, _plain(loss)] for step, loss in recording.losses],
        "findings": [vars(finding) for finding in recording.findings],
    }
    if name.endswith(".parquet"):
        data = _parquet(recording, header)
    elif name.endswith(".json"):
        columns = {column: [_plain(value) for value in recording.rows[column].tolist()] for column in COLUMNS}
        data = json.dumps(header | {"kinds": ORDER, "columns": columns}, ensure_ascii=False, allow_nan=False).encode()
    else:
        raise RecordingError(f"a recording is saved as *.parquet or *.json, not as “{name}”")
    if len(data) > MOST_BYTES:
        raise RecordingError(f"{name} would be larger than {MOST_BYTES >> 20} MB: save it as *.parquet, or record less")
    return data


def read_recording(source: str | Path | BinaryIO) -> Recording:
    """The recording in a file, given by its name or opened for reading bytes. Nothing in it is run, or believed unchecked.

    Raises RecordingError, saying what is wrong and what to do, for what ``GradientRecorder.save`` would not have written;
    OSError where there is nothing to read.
    """
    data = Path(source).read_bytes() if isinstance(source, str | Path) else source.read(MOST_BYTES + 1)
    hold(len(data) <= MOST_BYTES, f"it is larger than {MOST_BYTES >> 20} MB")
    return _from_parquet(data) if data[:4] == b"PAR1" else _from_json(data)


def _plain(value: float) -> float | str:
    """A number that JSON has, or the word for one that it has not."""
    return value if math.isfinite(value) else repr(value)


def _parquet(recording: Recording, header: dict[str, Any]) -> bytes:
    """The bytes of the Parquet file."""
    import pyarrow  # type: ignore[import-untyped]
    from pyarrow import parquet

    columns = {name: pyarrow.array(np.ascontiguousarray(recording.rows[name])) for name in COLUMNS}
    for name, words in (("layer", recording.layers), ("kind", ORDER)):
        columns[name] = pyarrow.DictionaryArray.from_arrays(
            columns[name].cast("int32"), pyarrow.array(list(words), "string")
        )
    table = pyarrow.table(columns).replace_schema_metadata({_KEY: json.dumps(header)})
    sink = BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _from_parquet(data: bytes) -> Recording:
    """Sizes and types are asked for before anything is unpacked."""
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(BytesIO(data), read_dictionary=["layer", "kind"])
        hold(tuple(file.schema_arrow.names) == COLUMNS, f"its columns are not {', '.join(COLUMNS)}")
        hold(file.metadata.num_rows <= MOST_ROWS, f"it has more than {MOST_ROWS} rows")
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
        hold(size <= 4 * MOST_BYTES, "it would fill the memory")
        table = file.read(use_threads=False)
        hold(all(column.null_count == 0 for column in table.columns), "a value is missing")
        columns, words = {}, {}
        for name in COLUMNS:
            column = table[name]
            if name in ("layer", "kind"):
                hold(pyarrow.types.is_dictionary(column.type), f"the column “{name}” has no words")
                joint = column.unify_dictionaries().combine_chunks()
                column, words[name] = joint.indices, joint.dictionary.to_pylist()
            columns[name] = column.cast("float64" if name in _REALS else "int64").to_numpy(zero_copy_only=False)
        header = json.loads((table.schema.metadata or {}).get(_KEY, b"null"))
    except RecordingError:
        raise
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordingError(
            f"this Parquet file is damaged or no recording ({error}): save the recording again"
        ) from None
    return checked(header, columns, words)


def _from_json(data: bytes) -> Recording:
    """Nothing is taken for a number that is not spelt as one."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise RecordingError(
            "this file is neither a recording in Parquet nor in JSON: save the recording again"
        ) from None
    hold(isinstance(document, dict) and isinstance(document.get("columns"), dict), "it has no columns")
    lists = document["columns"]
    hold(set(lists) == set(COLUMNS), f"its columns are not {', '.join(COLUMNS)}")
    hold(
        all(isinstance(column, list) and len(column) <= MOST_ROWS for column in lists.values()),
        "its columns are no lists, or too long",
    )
    columns = {}
    for name, column in lists.items():
        whole = name not in _REALS
        hold(
            all(is_number(value) and (type(value) is int or not whole) for value in column),
            f"“{name}” has more than numbers",
        )
        columns[name] = np.array(column if whole else [float(value) for value in column], int if whole else float)
    words = {"layer": document.get("layers"), "kind": document.get("kinds")}
    hold(all(isinstance(word, list) for word in words.values()), "layers or kinds are missing")
    return checked(document, columns, words)
