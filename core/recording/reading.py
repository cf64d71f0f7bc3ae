"""Reads a recording from a file in one of the two forms that ``file_format`` describes."""

import json
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .checks import checked, hold, is_number
from .file_format import COLUMNS, KEY, MOST_BYTES, REALS, RecordingError
from .ledger import MOST_ROWS
from .recording import Recording


def read_recording(source: str | Path | BinaryIO) -> Recording:
    """Reads the recording in a file, given by its name or opened as bytes. Nothing in it is run, or believed unchecked.

    Raises RecordingError, saying what is wrong and what to do, for what ``GradientRecorder.save`` would not have written;
    OSError where there is nothing to read.
    """
    data = Path(source).read_bytes() if isinstance(source, str | Path) else source.read(MOST_BYTES + 1)
    hold(len(data) <= MOST_BYTES, f"it is larger than {MOST_BYTES >> 20} MB")
    return _from_parquet(data) if data[:4] == b"PAR1" else _from_json(data)


def _from_parquet(data: bytes) -> Recording:
    """Reads Parquet, asking for sizes and types before anything is unpacked."""
    import pyarrow  # type: ignore[import-untyped]
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
            columns[name] = column.cast("float64" if name in REALS else "int64").to_numpy(zero_copy_only=False)
        header = json.loads((table.schema.metadata or {}).get(KEY, b"null"))
    except RecordingError:
        raise
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordingError(
            f"this Parquet file is damaged or no recording ({error}): save the recording again"
        ) from None
    return checked(header, columns, words)


def _from_json(data: bytes) -> Recording:
    """Reads JSON, taking nothing for a number that is not spelt as one."""
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
        whole = name not in REALS
        hold(
            all(is_number(value) and (type(value) is int or not whole) for value in column),
            f"“{name}” has more than numbers",
        )
        columns[name] = np.array(column if whole else [float(value) for value in column], int if whole else float)
    words = {"layer": document.get("layers"), "kind": document.get("kinds")}
    hold(all(isinstance(word, list) for word in words.values()), "layers or kinds are missing")
    return checked(document, columns, words)
