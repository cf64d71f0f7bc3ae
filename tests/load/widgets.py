"""What a browser reports of the widgets on a page."""

from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

# kinds that have a value
VALUED = {
    "slider",
    "checkbox",
    "selectbox",
    "multiselect",
    "radio",
    "button_group",
    "number_input",
    "text_input",
    "text_area",
}
KEYED = VALUED | {"button"}


def report(kind: str, each: Any) -> WidgetState:
    """The state of a widget that has just been drawn: what the server has set it to, else where it starts."""
    told, state = each.set_value, WidgetState(id=each.id)
    match kind:
        case "slider" if each.type == each.SELECT_SLIDER:
            names = each.raw_value if told else [each.options[round(i)] for i in each.default]
            state.string_array_value.data.extend(names)
        case "slider":
            state.double_array_value.data.extend(each.value if told else each.default)
        case "checkbox":
            state.bool_value = each.value if told else each.default
        case "selectbox" | "radio" if told:
            state.string_value = each.raw_value
        case "selectbox" | "radio" if each.HasField("default") and each.options:
            state.string_value = each.options[each.default]
        case "button_group" | "multiselect":
            options = [option.content for option in each.options] if kind == "button_group" else each.options
            state.string_array_value.data.extend(each.raw_values if told else [options[i] for i in each.default])
        case "number_input":
            state.double_value = each.value if told else each.default
        case "text_input" | "text_area":
            state.string_value = each.value if told else each.default
    return state


def key_of(widget: str) -> str:
    """The key in a widget's id, which is “$$ID-hash-key”."""
    return widget.split("-", 2)[-1]
