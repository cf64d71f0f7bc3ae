"""A chart's numbers as files that other programs read."""

import json
import re
from typing import Any

from pages.frame.in_view import ShownChart
from pages.share.contents import Contents
from pages.share.standalone import records

_FORMULA = re.compile(r"[=@\t]|[+-](?![\d.])")


def as_csv(chart: ShownChart) -> bytes:
    """The rows, with a mark at the beginning that tells spreadsheets that the letters are UTF-8.

    A word of the visitor's own that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    text: str = chart.carried().map(_harmless).to_csv(index=False)
    return text.encode("utf-8-sig")


def as_json(chart: ShownChart, contents: Contents) -> str:
    """The address that shows the chart, what is in it, and its rows; a number that is not finite is null (see "state")."""
    whole: dict[str, Any] = {
        "address": contents.link,
        "question": contents.page.question,
        "chart": chart.said,
        "rows": records(chart.carried()),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
