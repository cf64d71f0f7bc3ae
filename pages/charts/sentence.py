"""A sentence with heat under each word: how much of the loss's signal reaches it."""

from html import escape

import numpy as np

from core import GradientProfile
from core.wording import LN10, power, scientific

DEEPEST = 8  # decades from full colour to none


def sentence(profile: GradientProfile, answer: str) -> str:
    """HTML: the profile's words with a disc under each, sized and coloured by its share; every word escaped."""
    decades = np.nan_to_num(profile.relative / LN10, nan=-DEEPEST, posinf=0.0, neginf=-DEEPEST)
    heat = np.clip(1 + decades / DEEPEST, 0.0, 1.0)
    cells = [
        _word(word, scientific(profile.relative[i]), heat[i], cue=i == profile.cue)
        for i, word in enumerate(profile.words)
    ]
    cells.append(f'<span class="w blank"><b>{escape(answer)}</b><i></i></span>')
    spoken = escape(" ".join(profile.words))
    return f'<div class="sentence" role="img" aria-label="{spoken}: darker discs mean more gradient">{"".join(cells)}</div>'


def _word(word: str, share: str, heat: float, cue: bool) -> str:
    size = 4 + 14 * heat
    disc = f'<i style="width:{size:.0f}px;height:{size:.0f}px;opacity:{0.12 + 0.88 * heat:.2f}"></i>'
    note = f"<small>{share}</small>" if cue else ""
    return f'<span class="w{" cue" if cue else ""}" title="{escape(word)}: {share}"><b>{escape(word)}</b>{disc}{note}</span>'


def scale() -> str:
    """HTML: what the discs mean."""
    discs = "".join(
        f'<span class="w"><i style="width:{4 + 14 * h:.0f}px;height:{4 + 14 * h:.0f}px;opacity:{0.12 + 0.88 * h:.2f}"></i>'
        f"<small>{power(round(-DEEPEST * (1 - h))) if h < 1 else 'all of it'}</small></span>"
        for h in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return f'<div class="sentence scale"><span class="w"><small>share of the signal:</small></span>{discs}</div>'
