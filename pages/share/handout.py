"""The hand-out: a page as one file that needs nothing else. It opens without a network, and its charts can still be touched."""

import datetime
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

import vl_convert

from core import Experiment
from core.export import in_words
from pages.frame.in_view import ShownChart
from pages.frame.page import STYLE
from pages.frame.qr import qr_code, qr_image
from pages.frame.table import readable
from pages.share.contents import Contents
from pages.share.standalone import VEGA_LITE, json_text, standalone

_PAGE = Path(__file__).with_name("handout.html")
MOST_ROWS = 400  # of a table in the hand-out; longer ones are in the charts alone


def handout(contents: Contents) -> str:
    """HTML: question, what to watch, charts, what is seen in numbers, settings in words, address and QR code, date, sources."""
    page, charts = contents.page, [contents.newest(each) for each in contents.charts]
    parts = {
        "title": escape(page.question),
        "watch": as_html(page.watch),
        "said": "".join(each.text if each.html else f"<p>{as_html(each.text)}</p>" for each in contents.sentences),
        "charts": "".join(_figure(i, each) for i, each in enumerate(charts)),
        "settings": "".join(_settings(name, each, contents.trains) for name, each in contents.parts.items()),
        "link": escape(contents.link),
        "qr": qr_image(contents.link, "width:9rem") if qr_code(contents.link) else "",
        "date": f"{datetime.date.today():%d %B %Y}",
        "sources": "".join(f"<li>{escape(each)}</li>" for each in page.sources),
        "hidden": "" if page.sources else "hidden",
        "unset": "" if contents.parts else "hidden",
        "style": STYLE,
        "specs": json_text([standalone(each) for each in charts]),
        "vega": _vega(),
    }
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(parts)


def _settings(name: str, experiment: Experiment, trains: bool) -> str:
    """One experiment's settings, under its name if it has one."""
    rows = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in in_words(experiment, trains))
    return (f"<h3>{escape(name)}</h3>" if name else "") + f"<dl>{rows}</dl>"


def _figure(number: int, chart: ShownChart) -> str:
    """A place for the chart, its text alternative, and its numbers."""
    place = f'<div class="chart" id="chart{number}" role="group" aria-label="{escape(chart.said)}"></div>'
    figure = f"<figure>{f'<figcaption>{escape(chart.title)}</figcaption>' if chart.title else ''}{place}</figure>"
    table = readable(chart.to_read())
    if len(table) > MOST_ROWS:
        return figure
    rows = table.to_html(index=False, border=0, na_rep="")
    folded = f'<summary>The numbers as a table</summary><div class="scroll" tabindex="0">{rows}</div>'
    return f"{figure}<details>{folded}</details>"


def as_html(markdown: str) -> str:
    """A sentence's bold and slanted words and code; everything else in it is text."""
    text = escape(markdown)
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"\0{len(kept) - 1}\0"

    text = re.sub(r"\\([^\w\s&]|&\w+;|&#\w+;)", keep, text)  # a mark that means nothing
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)  # links lead nowhere on paper
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", text)
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], text)


@lru_cache(maxsize=1)
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE).replace(
        "</script", "<\\/script"
    )
