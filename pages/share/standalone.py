"""A chart on its own, away from the page: one Vega-Lite text with its data inside, and as SVG or PNG."""

import json
from copy import deepcopy
from typing import Any

import pandas as pd
import vl_convert

from pages.frame.in_view import ShownChart

VEGA_LITE = "v6.4"  # the version that altair writes
WIDTH = 760  # pixels of a chart's inner part
SHARP = 2.0  # pixels of a PNG per pixel of the chart
# fonts that have ∂, ‖ and small raised digits; the last two come with vl-convert, and with nearly every computer
FONT = "'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', 'Noto Sans', 'Liberation Sans', sans-serif"
_INK, _PALE = "#31333F", "#E3E5EA"
LOOK: dict[str, Any] = {
    "background": "#FFFFFF",
    "padding": 12,
    "font": FONT,
    "fieldTitle": "verbal",
    "title": {"anchor": "start", "fontSize": 14, "fontWeight": 600, "color": _INK},
    "axis": {
        **{"labelFontSize": 12, "labelColor": _INK, "labelFlush": True, "labelOverlap": True, "labelPadding": 6},
        **{"titleFontSize": 13, "titleFontWeight": "normal", "titleColor": _INK, "titlePadding": 10},
        **{"gridColor": _PALE, "domain": False, "ticks": False},
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": _INK},
    "view": {"stroke": None},
    "concat": {"columns": 1},
}


def standalone(chart: ShownChart) -> dict[str, Any]:
    """The chart's Vega-Lite text, its data inside, in the look that suits paper."""
    spec = deepcopy(chart.spec)
    del spec["$schema"]
    rows = records(chart.table)
    spec["data"] = {"values": [{name: value for name, value in row.items() if value is not None} for row in rows]}
    own = {name: part for name, part in spec.get("config", {}).items() if name != "view"}
    spec["config"] = LOOK | {
        name: LOOK.get(name, {}) | part if isinstance(part, dict) else part for name, part in own.items()
    }
    return spec


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON knows them: numbers keep every digit, those that are not finite are null."""
    rows = table.astype(object).to_dict("records")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


def svg(chart: ShownChart) -> str:
    """The chart as an SVG picture; its letters are letters, drawn with the fonts of whoever looks at it."""
    text: str = vl_convert.vegalite_to_svg(_sized(standalone(chart)), vl_version=VEGA_LITE, allowed_base_urls=[])
    return text


def png(chart: ShownChart) -> bytes:
    """The chart as a PNG picture, twice as fine as a screen."""
    picture: bytes = vl_convert.vegalite_to_png(
        _sized(standalone(chart)), vl_version=VEGA_LITE, scale=SHARP, allowed_base_urls=[]
    )
    return picture


def _sized(spec: dict[str, Any]) -> dict[str, Any]:
    """Every row as wide as the page's column; charts side by side share it."""
    _widen(spec, WIDTH)
    return spec


def _widen(part: dict[str, Any], width: int) -> None:
    for many, share in (("vconcat", 1), ("concat", 1), ("hconcat", len(part.get("hconcat", ())) or 1)):
        for each in part.get(many, ()):
            _widen(each, width // share)
    if not {"vconcat", "concat", "hconcat", "spec"} & part.keys():
        part["width"] = width


def json_text(value: Any) -> str:
    """JSON that may stand inside an HTML script: no character in it can end one."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
