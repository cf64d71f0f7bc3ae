"""What a worker makes of a file or a list: small, picklable, and said in words where it can't be done."""

import pickle

import numpy as np
import pytest

from core import Training
from core.diagnosis.examination import examine_file, examine_list
from core.fields import SpecError
from core.layer_list.examples import EXAMPLES
from core.recording import Recording
from core.recording.ledger import ROW

QUICK = Training(optimiser="adam", learning_rate=3e-3, steps=40, clip=0.0)


def test_a_file_is_examined_like_the_training_it_came_from() -> None:
    """The list's own recording, read back, has the same findings and numbers."""
    here = examine_list("linear 8 tanh linear 8 tanh", QUICK, 10, 0)
    there = examine_file(here.file)
    assert there.diagnosis == here.diagnosis
    for name, grid in here.flow.grids.items():
        np.testing.assert_array_equal(grid, there.flow.grids[name])
    assert here.flow.types == ("Linear",) * 3 and here.steps == 40
    assert len(pickle.dumps(here)) < 1_000_000


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"{}", b"x" * 1000, Recording(1, ("a",), np.empty(0, ROW)).as_bytes("e.json")]
)
def test_what_is_no_recording_is_refused_in_words(data: bytes) -> None:
    """Only SpecError: the scheduler says that one to the student."""
    with pytest.raises(SpecError, match="recording"):
        examine_file(data)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_have_what_they_are_here_for(name: str) -> None:
    """The first finding is the announced one; the healthy one has none. The next seed agrees."""
    example = EXAMPLES[name]
    for seed in (0, 1):
        found = examine_list(example.listing, example.training, example.length, seed).diagnosis.found
        assert (found[0].ailment if found else "") == example.ill
