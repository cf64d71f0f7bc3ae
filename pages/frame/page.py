"""A page's identity and frame: what it asks, where its settings start, what surrounds the picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core import Experiment
from core.fields import Spec, flag
from pages.frame.in_view import forget


@dataclass(frozen=True)
class View(Spec):
    """Settings of the page that are not part of the experiment; pages add fields of their own."""

    guess: bool = flag(False, "Guess first", "Hide the picture until you have said what you expect.")


@dataclass(frozen=True)
class Page:
    """``name`` is the page's address; ``base`` and ``view`` are its settings before anybody touches them.

    ``parts``: (experiment, view) → the experiments that it shows, by name if they are several: each has a script.
    """

    name: str
    question: str
    watch: str
    base: Experiment
    view: View = View()
    tasks: tuple[Any, ...] = ()  # kinds of task it can show besides the base's
    sources: tuple[str, ...] = ()  # what a hand-out names as such
    address: Mapping[str, str] = field(default_factory=dict)  # what its address always says besides settings
    parts: Callable[[Experiment, Any], Mapping[str, Experiment]] = lambda own, _view: {"": own}

    def kinds(self, part: str) -> dict[str, Any]:
        """The kinds of network or task that the page can draw, by name."""
        own = type(getattr(self.base, part))
        return {kind.name: kind for kind in (own, *(self.tasks if part == "task" else ()))}

    def shows(self, experiment: Experiment) -> bool:
        """Whether the page can draw this kind of network and task."""
        return all(getattr(experiment, part).name in self.kinds(part) for part in ("network", "task"))


def head(page: Page) -> None:
    """The question in the student's words, and one sentence on what to watch."""
    forget(page.name)
    st.html(STYLE)
    st.title(page.question, anchor=False)
    st.markdown(page.watch)


STYLE = """<style>
.stMainBlockContainer{max-width:56rem}
.stMainBlockContainer:has(.st-key-body){max-width:80rem}
.stMainBlockContainer h1{padding:.3rem 0 .2rem}
[data-testid=stMarkdownContainer] :is(p,li){max-width:54rem}
@media(max-width:60rem){.st-key-body>*>.stHorizontalBlock>.stColumn{min-width:100%}}
@media(min-width:60rem){
.st-key-controls .stColumn{min-width:100%}
.stColumn:has(.st-key-controls):not(:has(details[open])){position:sticky;top:4rem;align-self:flex-start}
}
[data-testid=stCaptionContainer]{opacity:.85!important}
.stMultiSelect [data-tag]{background:color-mix(in srgb,currentColor 12%,transparent)!important}
.stMultiSelect [data-tag],.stMultiSelect [data-tag] *{color:light-dark(#1F2328,#E6E6E1)!important}
.stCode .token.keyword,.stCode .token.function{color:light-dark(#005A8C,#7CC4F0)!important}
.stCode .token.number,.stCode .token.string{color:light-dark(#00664A,#6FD3B4)!important}
.stCode .token.comment{color:light-dark(#5C6066,#A4A9B3)!important}
[role=radiogroup]:has(>[data-variant=segmented_control]){gap:.3rem}
[role=radiogroup]>[data-variant=segmented_control]{margin:0!important;border-width:1px!important;border-style:solid!important;border-radius:.4rem!important}
[data-variant=segmented_control]:not([data-selected]){border-color:color-mix(in srgb,currentColor 25%,transparent)!important}
@media(max-width:40rem){
[class*="st-key-topic"] [aria-checked=false] p{font-size:0}
[class*="st-key-topic"] [aria-checked=false] p strong{font-size:.95rem}
}
[data-testid=stPageLink-NavLink] :is(span,div,p){white-space:normal;line-height:1.3}
div.stVegaLiteChart.vega-embed{display:flex!important;flex-direction:column}
.vega-embed form.vega-bindings{order:-1;margin:0 0 .5rem;font-size:1rem}
.vega-embed form.vega-bindings input[type=range]{width:min(24rem,36vw);vertical-align:middle}
.sentence{display:flex;flex-wrap:wrap;gap:.15rem .5rem;align-items:flex-start;font-size:1.05rem;line-height:1.35}
.sentence .w{display:inline-flex;flex-direction:column;align-items:center;min-height:3.3rem}
.sentence .w b{font-weight:400}
.sentence .w i{display:block;border-radius:50%;background:#2F83C5;margin-top:.3rem}
.sentence .w small{font-size:.78rem;opacity:.85;margin-top:.15rem}
.sentence .cue b{font-weight:700;color:color-mix(in srgb,#D55E00 80%,currentColor)}
.sentence .cue i{background:#D55E00}
.sentence .blank b{border-bottom:2px solid currentColor;min-width:4.5rem;text-align:center;font-style:italic}
.sentence.scale{font-size:.85rem;opacity:.85}
.sentence.scale .w{flex-direction:row;gap:.3rem;align-items:center;min-height:0}
.sentence.scale .w i,.sentence.scale .w small{margin-top:0}
.sentence-line{font-size:1.05rem;font-style:italic;opacity:.8;margin:.3rem 0;overflow-wrap:anywhere}
</style>"""
