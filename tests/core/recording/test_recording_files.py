"""Recordings as files come back as they were; anything else is refused with a reason, whatever it holds."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from torch import nn

from core.recording import Finding, GradientRecorder, Recording, RecordingError, read_recording, reading, writing
from core.recording.file_format import KEY
from core.recording.ledger import ROW


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Small, with a zero, a NaN, losses, a name outside of ASCII, and a finding."""
    torch.manual_seed(0)
    net = nn.Sequential()
    net.add_module("erste_Schicht_ü", nn.Linear(3, 4))
    net.add_module("rnn", nn.RNN(4, 4))
    with GradientRecorder(net, every=2) as recorder:
        for factor in (1.0, 1.0, 0.0, 1.0, torch.nan):
            (net(torch.ones(5, 3))[0].sum() * factor).backward()
            recorder.step(factor)
            net.zero_grad()
    return recorder.recording()


def same(one: Recording, other: Recording) -> None:
    """All parts equal, NaN too."""
    assert (one.every, one.layers, one.types) == (other.every, other.layers, other.types)
    assert one.findings == other.findings
    np.testing.assert_equal(one.losses, other.losses)
    assert one.rows.dtype == other.rows.dtype
    for name in ROW.names or ():
        np.testing.assert_array_equal(one.rows[name], other.rows[name])


@pytest.mark.parametrize("kind", ["parquet", "json"])
def test_what_is_written_is_read(recording: Recording, kind: str, tmp_path: Path) -> None:
    """By name, as text or Path, and from an open file."""
    assert recording.findings[0].where == "backward"
    assert {"zero", "nan", "ok"} <= set(recording.table().state)
    path = tmp_path / f"run.{kind}"
    recording.save(path)
    same(read_recording(path), recording)
    same(read_recording(str(path)), recording)
    same(read_recording(io.BytesIO(path.read_bytes())), recording)


def test_types_are_the_layers_classes(recording: Recording, tmp_path: Path) -> None:
    """In the order of the layers; a file without them, as older ones are, is read all the same."""
    expected = {"(model)": "Sequential", "erste_Schicht_ü": "Linear", "rnn": "RNN"}
    assert dict(zip(recording.layers, recording.types, strict=True)) == expected
    old = document(recording, tmp_path)
    del old["types"]
    assert read_recording(io.BytesIO(json.dumps(old).encode())).types == ()


def test_the_table_is_there_without_this_project(recording: Recording, tmp_path: Path) -> None:
    """pandas reads the Parquet file by itself; the JSON file is standard JSON."""
    recording.save(tmp_path / "run.parquet")
    table = pd.read_parquet(tmp_path / "run.parquet")
    ours = recording.table()
    assert table.layer.tolist() == ours.layer.tolist()
    assert table.kind.tolist() == ours.kind.tolist()
    np.testing.assert_array_equal(table.log_norm, ours.log_norm)
    recording.save(tmp_path / "run.json")
    json.loads((tmp_path / "run.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_an_empty_recording_and_long_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rows at all; and a file that would be larger than what is read."""
    empty = Recording(1, (), np.empty(0, ROW))
    for kind in ("json", "parquet"):
        empty.save(tmp_path / f"run.{kind}")
        same(read_recording(tmp_path / f"run.{kind}"), empty)
    for module in (reading, writing):
        monkeypatch.setattr(module, "MOST_BYTES", 100)
    with pytest.raises(RecordingError, match="larger than"):
        empty.save(tmp_path / "run.json")
    with pytest.raises(RecordingError, match="larger than"):
        read_recording(io.BytesIO(b"x" * 101))
    with pytest.raises(RecordingError, match=r"\*\.parquet or \*\.json"):
        empty.save(tmp_path / "run.csv")


def document(recording: Recording, tmp_path: Path) -> dict[str, Any]:
    """The JSON file as an object."""
    recording.save(tmp_path / "run.json")
    return json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))


WRONG: list[tuple[list[Any], Any, str]] = [  # where in the JSON object, what is put there, what the message says
    (["format"], "something", "does not call itself"),
    (["version"], 2, "version 2.*update"),
    (["every"], 0, "every"),
    (["every"], True, "every"),
    (["layers"], None, "layers"),
    (["layers"], ["a", "a"], "layers"),
    (["layers", 0], {"a": 1}, "layers"),
    (["layers", 0], "x" * 501, "layers"),
    (["types"], ["Linear"], "types"),
    (["types", 0], 1, "types"),
    (["kinds", 0], "unheard of", "kind"),
    (["kinds", 0], [], "kind"),
    (["losses"], [[0]], "losses"),
    (["losses"], [[0, "much"]], "losses"),
    (["losses"], [[-1, 1.0]], "losses"),
    (["findings", 0, "where"], "nowhere", "findings"),
    (["findings", 0, "where"], [], "findings"),
    (["findings", 0, "more"], 1, "findings"),
    (["columns"], [], "columns"),
    (["columns", "extra"], [], "columns"),
    (["columns", "step"], "0123", "lists"),
    (["columns", "step"], [], "length"),
    (["columns", "step", 0], -1, "step"),
    (["columns", "step", 0], 1.5, "step"),
    (["columns", "step", 0], "nan", "step"),
    (["columns", "step", 0], True, "step"),
    (["columns", "step", 0], 10**400, "step"),
    (["columns", "step", 0], 2**40, "step"),
    (["columns", "layer", 0], 99, "layer"),
    (["columns", "layer", 0], -1, "layer"),
    (["columns", "kind", 0], 99, "kind"),
    (["columns", "position", 0], -2, "position"),
    (["columns", "log_norm", 0], None, "log_norm"),
    (["columns", "log_norm", 0], "1", "log_norm"),
    (["columns", "log_norm", 0], 10**400, "log_norm"),
    (["columns", "zeros", 0], 1.1, "zeros"),
    (["columns", "zeros", 0], "nan", "zeros"),
    (["columns", "size", 0], 0, "size"),
    (["columns", "nonfinite", 0], 10**6, "non-finite"),
]


@pytest.mark.parametrize(("where", "value", "says"), WRONG, ids=lambda part: str(part)[:40])
def test_a_wrong_part_is_named(recording: Recording, tmp_path: Path, where: list[Any], value: Any, says: str) -> None:
    """One thing wrong at a time."""
    wrong = document(recording, tmp_path)
    place = wrong
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    with pytest.raises(RecordingError, match=says):
        read_recording(io.BytesIO(json.dumps(wrong).encode()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"PAR1",
        b"PAR1PAR1",
        b"[" * 100_000,
        b"\xff\xfe",
        pickle.dumps({"a": 1}),
        b'{"columns": {}}',
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    """Nothing is unpickled, nothing else than RecordingError comes out."""
    with pytest.raises(RecordingError):
        read_recording(io.BytesIO(data))


def test_foreign_parquet_is_refused(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other columns, other types, missing values, no header, too many rows."""
    path = tmp_path / "run.parquet"
    recording.save(path)
    table = parquet.read_table(path)
    step = table.schema.get_field_index("step")
    words = pyarrow.array([None] * len(table), pyarrow.string())
    foreign = {
        "columns": table.drop_columns(["step"]),
        "damaged or no recording": table.set_column(step, "step", words.fill_null("x")),
        "missing": table.set_column(step, "step", pyarrow.array([None] * len(table), pyarrow.int32())),
        "call itself": table.replace_schema_metadata({}),
        "damaged or no": table.replace_schema_metadata({KEY: b"{"}),
        "has no words": table.set_column(table.schema.get_field_index("kind"), "kind", pyarrow.array([1] * len(table))),
    }
    for says, other in foreign.items():
        parquet.write_table(other, path)
        with pytest.raises(RecordingError, match=says):
            read_recording(path)
    recording.save(path)
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    with pytest.raises(RecordingError, match="more than 3 rows"):
        read_recording(path)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A recording in both forms."""
    rows = np.zeros(20, ROW)
    rows["size"], rows["log_norm"] = 5, np.linspace(-3, 3, 20)
    one = Recording(3, ("a", "b"), rows, ((0, 1.0),), (Finding(3, "update", "a.weight", "NaN"),))
    paths = {kind: tmp_path_factory.mktemp("files") / f"run.{kind}" for kind in ("parquet", "json")}
    for path in paths.values():
        one.save(path)
    return {kind: path.read_bytes() for kind, path in paths.items()}


@given(data=st.data())
def test_damaged_files_raise_nothing_else(intact: dict[str, bytes], data: st.DataObject) -> None:
    """Bytes changed, cut out or put in anywhere: a RecordingError, or a recording that passes all checks."""
    damaged = bytearray(intact[data.draw(st.sampled_from(["parquet", "json"]))])
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(damaged) - 1))
        stop = data.draw(st.integers(start, min(len(damaged), start + 40)))
        damaged[start:stop] = data.draw(st.binary(max_size=40))
    try:
        read = read_recording(io.BytesIO(bytes(damaged)))
    except RecordingError:
        return
    assert isinstance(read, Recording)
    read.table()
