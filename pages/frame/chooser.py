"""A bar that chooses between several things on one page; the address says which."""

from collections.abc import Callable, Iterable

import streamlit as st


def choose(parameter: str, key: str, options: Iterable[str], label: Callable[[str], str]) -> tuple[str, str]:
    """Draws the bar; returns what is chosen, and what the address asks for that is not there ("" if nothing).

    parameter: its name in the address. key: of the widget. label(option): what an option is called, in Markdown. An address that
    says anything else means the first option.
    """
    names = list(options)
    asked = st.query_params.get(parameter, names[0] if len(st.query_params) else None)
    if asked in names:
        st.session_state[key] = asked
    elif asked is not None:
        del st.query_params[parameter]  # it is said here, so that nobody else need wonder what it is
    choice = st.segmented_control(
        parameter.capitalize(),
        names,
        default=None if key in st.session_state else names[0],
        format_func=label,
        key=key,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=st.query_params.clear,  # the chosen one has settings of its own, and writes them there
    )
    return choice or names[0], asked if asked and asked not in names else ""
