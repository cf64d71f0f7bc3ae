"""A chart for the last row of a lecture hall: the same Vega-Lite text with larger type, thicker lines and more height."""

from typing import Any

TYPE = 1.4  # times as large; heights as well, because lines of names are so many of the picture's units apart
PLAIN = {"labelFontSize": 12, "titleFontSize": 13}  # where a chart does not say
_SIZED = {
    "fontSize",
    "gradientLength",
    "labelFontSize",
    "titleFontSize",
    "labelLimit",
    "titleLimit",
    "strokeWidth",
    "dx",
    "dy",
    "offset",
    "labelPadding",
    "titlePadding",
}


def large(spec: dict[str, Any]) -> dict[str, Any]:
    """``spec`` with every size of letters and lines scaled; what has no size of its own gets one."""
    found: dict[str, Any] = _scaled(spec)
    config = found.setdefault("config", {})
    for part in ("axis", "legend", "header"):
        config[part] = {name: TYPE * size for name, size in PLAIN.items()} | config.get(part, {})
    config["text"] = {"fontSize": TYPE * PLAIN["labelFontSize"]} | config.get("text", {})
    return found


def _scaled(part: Any) -> Any:
    if isinstance(part, list):
        return [_scaled(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: _one(name, value) for name, value in part.items()}


def _one(name: str, value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value * TYPE if name in _SIZED or (name == "height" and value > 1) else value
    return _scaled(value)
