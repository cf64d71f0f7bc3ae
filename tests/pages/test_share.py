"""Carrying a result away: what is in each file is what the page shows."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pandas as pd
import pytest
import segno
from PIL import Image
from visiting import HOST, NASTY, PAGES, PROFILES, experiment, healthy, rows, sentence, visit

import core
from core.export import as_pytorch, map_as_pytorch, training_as_pytorch
from pages.frame.qr import qr_code
from pages.frame.table import readable
from pages.share.files import as_csv
from pages.share.handout import as_html

every_page = pytest.mark.parametrize("page", PAGES)
Files = dict[str, Callable[[], bytes | str]]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """File name → what makes it, for the buttons of the visit that follows."""
    found: Files = {}

    def button(label: str, data: Any, file_name: str, *_: Any, **__: Any) -> bool:
        found[file_name] = data
        return False

    monkeypatch.setattr("pages.share.box.st.download_button", button)
    return found


def text(made: bytes | str) -> str:
    return made if isinstance(made, str) else made.decode("utf-8-sig")


def pictures(app: Any) -> list[str]:
    """The HTML of the pictures in the box."""
    return [each.proto.body for each in app.get("html") if "<img" in each.proto.body]


@every_page
def test_the_shared_link_leads_back(page: str) -> None:
    """Whoever follows it sees the same numbers."""
    query = {"seed": "7", **({"fillers": NASTY} if page in ("home", "sentences") else {"gain": "1.5"})}
    app = healthy(visit(page, query, share=True))
    link = app.code[0].value
    assert link.startswith(HOST)
    assert urlsplit(link).path.strip("/") == ("" if page == "home" else page)
    assert dict(parse_qsl(urlsplit(link).query)) == query
    other = healthy(visit(page, dict(parse_qsl(urlsplit(link).query))))
    assert experiment(other, page) == experiment(app, page)
    assert rows(other).equals(rows(app))
    (picture,) = pictures(app)
    assert f'alt="QR code of {link.replace("&", "&amp;")}"' in picture


@pytest.mark.parametrize("page", ["home", "sentences"])
def test_a_link_too_long_for_a_qr_code(page: str) -> None:
    """Sixty long words in another alphabet: the link is there, only the code is not."""
    app = healthy(visit(page, {"fillers": " ".join(["достопримечательность"] * 60)}, share=True))
    assert app.code[0].value.startswith(HOST)
    assert not pictures(app)


def test_the_qr_code_says_the_link() -> None:
    """Module by module: the dark squares of the picture are those of the code."""
    link = f"{HOST}/depth?depth=12&seed=7"
    matrix = np.array([list(row) for row in segno.make(link, error="l", micro=False).matrix])
    picture = ET.fromstring(qr_code(link))
    size = len(matrix) + 8
    assert picture.attrib["viewBox"].split() == ["0", "0", str(4 * size), str(4 * size)]
    lines = picture.findall(".//{*}path")[-1].attrib["d"]
    dark, x, y = np.zeros((size, size), dtype=int), 0, 0.0
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+) ?(-?[\d.]+)?", lines):
        if kind == "h":
            dark[int(y), x : x + int(first)] = 1
        x, y = {"M": (int(first), float(second or 0)), "m": (x + int(first), y + float(second or 0))}.get(
            kind, (x + int(first), y)
        )
    assert (dark[4:-4, 4:-4] == (matrix & 1)).all()
    assert dark.sum() == (matrix & 1).sum() > 100


def test_a_box_that_is_shut_costs_nothing(files: Files) -> None:
    """Nothing of it is made before it is opened, and it opens by its button."""
    app = healthy(visit("home"))
    assert not files
    assert not app.code
    app.button(key="home-share-open").click()
    healthy(app.run())
    assert len(files) >= 5
    assert app.code[0].value.startswith(HOST)


@pytest.mark.parametrize("page", PROFILES)
def test_numbers_survive_the_way_through_a_file(page: str, files: Files) -> None:
    """CSV and JSON hold core's numbers to the last digit, for every curve."""
    app = healthy(visit(page, {"seed": "3"}, share=True))
    profile = core.measure(experiment(app, page))
    from_csv = pd.read_csv(io.StringIO(text(files[f"{page}-chart.csv"]())))
    whole = json.loads(text(files[f"{page}-chart.json"]()))
    assert whole["address"] == app.code[0].value
    for table in (from_csv, pd.DataFrame(whole["rows"])):
        own = table[table["series"] == table["series"].iloc[0]]
        assert list(own["ln_norm"]) == profile.log_norm.tolist()
        assert list(own["ln_share"]) == profile.relative.tolist()
        assert list(own["state"]) == list(profile.state)
    assert set(from_csv["series"]) == set(rows(app).query("role in ('measured', 'ghost')")["series"])


def test_what_is_not_finite_is_named(files: Files) -> None:
    """A dead network: −∞ in the CSV; null, and "zero" beside it, in the JSON, which knows no infinity."""
    healthy(visit("depth", {"gain": "0", "depth": "5"}, share=True))
    from_csv = pd.read_csv(io.StringIO(text(files["depth-chart.csv"]())))
    assert (from_csv["ln_norm"][:4] == -np.inf).all()
    dead = json.loads(text(files["depth-chart.json"]()))["rows"][:4]
    assert [(row["ln_norm"], row["state"]) for row in dead] == [(None, "zero")] * 4


def test_own_words_survive_the_way_through_a_file(files: Files) -> None:
    """Commas, quotes, other alphabets."""
    healthy(visit("home", {"gap": "4", "fillers": 'a,b "c" 😀 می‌خواهم'}, share=True))
    read = pd.read_csv(io.StringIO(text(files["home-chart.csv"]())))
    assert [each.split(", ", 1)[1] for each in read["where"][4:8]] == ["a,b", '"c"', "😀", "می‌خواهم"]


@pytest.mark.parametrize("word", ["=1+1", "@x", "+x", "-x"])
def test_own_words_are_no_formulas(word: str) -> None:
    """A spreadsheet would run them; numbers stay as they are."""
    from pages.frame.in_view import ShownChart

    table = pd.DataFrame({"word": [word, "plain", "+1.0", "-.3"], "ln": [-1.5, 2.0, -3.0, 0.0]})
    read = pd.read_csv(io.BytesIO(as_csv(ShownChart("x", {}, table, ""))), encoding="utf-8-sig", dtype={"word": str})
    assert list(read["word"]) == [f"'{word}", "plain", "+1.0", "-.3"]
    assert list(read["ln"]) == [-1.5, 2.0, -3.0, 0.0]


@every_page
def test_pictures_are_pictures(page: str, files: Files) -> None:
    """SVG with the axis' raised digits and names as text; PNG of a sensible size that is not one colour."""
    healthy(visit(page, share=True))
    picture = ET.fromstring(text(files[f"{page}-chart.svg"]()))
    words = "".join(picture.itertext())
    assert "10⁻" in words and "←" in words
    assert float(picture.attrib["width"]) > 700
    png = Image.open(io.BytesIO(files[f"{page}-chart.png"]()))  # type: ignore[arg-type]
    assert png.format == "PNG" and png.width > 1400 and png.height > 500
    assert len(png.convert("RGB").getcolors(1 << 24)) > 50


@every_page
def test_a_hand_out_says_what_the_page_says(page: str, files: Files) -> None:
    """Question, sentence with its numbers, settings in words, address; well under 3 MB; asks nothing of other hosts."""
    app = healthy(visit(page, {"seed": "11"}, share=True))
    made = text(files[f"gradient-decay-{page}.html"]())
    assert len(made.encode()) < 3_000_000
    before_script = made[: made.index("<script>")]
    assert app.title[0].value in before_script
    if page in PROFILES:
        assert as_html(sentence(app)) in before_script
    assert "<dt>Seed</dt><dd>11</dd>" in before_script
    assert app.code[0].value in before_script
    for asked in re.findall(r'(?:src|href)="([^"]*)"', before_script):
        assert asked.startswith("data:") or asked == app.code[0].value
    if page in PROFILES:
        assert "The numbers as a table" in before_script


@pytest.mark.parametrize("page", ["home", "sentences"])
def test_own_words_in_a_hand_out_are_words(page: str, files: Files) -> None:
    """They can neither end the script nor become a tag."""
    words = "</script><script>alert(1 </script> <img/src=x/onerror=x> <!--"
    healthy(visit(page, {"fillers": words, "gap": "5"}, share=True))
    made = text(files[f"gradient-decay-{page}.html"]())
    assert made.count("<script>") == made.count("</script>") == 2
    assert "alert(1" in made
    assert "<img/src" not in made
    assert made.count("<!--") == 0


@every_page
def test_the_notebook_has_the_settings_of_the_page(page: str, files: Files) -> None:
    """As the cell that says so (that notebooks run is tested with core)."""
    app = healthy(visit(page, {"seed": "9"}, share=True))
    whole = json.loads(text(files[f"gradient-decay-{page}.ipynb"]()))
    (cell,) = [each for each in ("".join(one["source"]) for one in whole["cells"]) if each.startswith("experiment = ")]
    own: dict[str, Any] = {"core": core}
    exec(cell, own)
    assert own["experiment"] == experiment(app, page)


def script(app: Any) -> str:
    """The script that the box shows."""
    found: str = app.code[1].value + "\n"
    return found


def test_scripts_are_those_of_the_page() -> None:
    """The one that reproduces the charts comes first; the other ones are a click away."""
    for page, first in (("home", as_pytorch), ("depth", as_pytorch), ("sentences", training_as_pytorch)):
        app = healthy(visit(page, {"seed": "5"}, share=True))
        assert script(app) == first(experiment(app, page))
    app.button_group(key="sentences-script").set_value("its gradient map")
    healthy(app.run())
    assert script(app) == map_as_pytorch(experiment(app, "sentences"))


def test_a_network_of_layers_has_no_map() -> None:
    """So none is offered."""
    app = healthy(visit("depth", share=True))
    assert app.button_group(key="depth-script").options == ["its gradient", "its training"]


def test_where_there_is_no_script_a_line_says_why() -> None:
    """Pascanu's penalty."""
    app = healthy(visit("sentences", {"omega": "1", "cell": "tanh", "versus": "none"}, share=True))
    assert len(app.code) == 1
    assert any("Ω" in each.value and "Set it to 0" in each.value for each in app.info)


def test_marks_of_a_sentence_become_html() -> None:
    """What means something, and what only looks so."""
    assert as_html("**a** *b* `c` <d> [e](http://x)") == "<b>a</b> <i>b</i> <code>c</code> &lt;d&gt; e"
    assert as_html(r"\*a\* \<b\> 1\:2") == "*a* &lt;b&gt; 1:2"


def test_a_table_to_be_read() -> None:
    """Plain names, logarithms as powers of ten, nothing that is only for the eye."""
    table = pd.DataFrame(
        {
            "role": ["measured"] * 2,
            "series": ["LSTM"] * 2,
            "colour": ["#fff"] * 2,
            "decades": [-6.0, 0.0],
            "ln_norm": [-np.inf, 0.0],
            "empty": [None, None],
            "step": [20.0, 40.0],
            "loss": [0.5, 1.0],
        }
    )
    shown = readable(table).astype(str)
    assert shown.to_dict("list") == {
        "curve": ["LSTM"] * 2,
        "share of the signal": ["10⁻⁶", "1"],
        "‖∂L/∂h‖": ["0", "1"],
        "step": ["20", "40"],
        "loss": ["0.5", "1.0"],
    }


@pytest.mark.parametrize("page", PROFILES)
def test_the_numbers_as_a_table(page: str) -> None:
    """Made when it is opened; says the same as the chart."""
    app = healthy(visit(page))
    assert not app.table and not app.dataframe
    app.session_state[f"{page}-chart-numbers"] = True
    healthy(app.run())
    (table,) = [*app.table, *app.dataframe]
    measured = rows(app, "measured").sort_values("lag", ascending=False)
    own = table.value[table.value["curve"] == table.value["curve"].iloc[0]]
    assert list(own["where"])[-len(measured) :] == list(measured["place"])
    assert list(own["share of the signal"])[-len(measured) :] == list(measured["share"])
