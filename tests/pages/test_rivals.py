"""Links with settings that go with the chosen cell but not with the cells beside it: the page is shown without those."""

import pytest
from visiting import healthy, rows, visit

OMEGA = {"omega": "5"}  # for plain cells only
UNTIED = {"tied": "0", "hidden": "128", "gap": "200"}  # a matrix for each step: four times as many numbers in an LSTM


@pytest.mark.parametrize("query", [OMEGA, UNTIED], ids=["omega", "untied"])
def test_home_without_the_cells_that_do_not_fit(query: dict[str, str]) -> None:
    """The plain RNN is there, the GRU and the LSTM are not."""
    table = rows(healthy(visit("home", query)))
    assert set(table["series"].dropna()) & {"Plain RNN", "GRU", "LSTM"} == {"Plain RNN"}


@pytest.mark.parametrize("query", [OMEGA, UNTIED], ids=["omega", "untied"])
def test_sentences_without_the_rival_that_does_not_fit(query: dict[str, str]) -> None:
    """The LSTM beside it is left out."""
    app = healthy(visit("sentences", {**query, "cell": "tanh", "versus": "lstm"}))
    assert any("Plain RNN" in each.value and "LSTM" not in each.value for each in app.markdown)
