"""The numbers behind a picture of profiles, as they are: not cut off where the picture ends, logarithms that never underflow."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pages.charts.profile import Curve, place


def profiles(curves: Iterable[Curve]) -> pd.DataFrame:
    """One row per curve and position: series, layer or step, where, lag, ln_norm, ln_share, state, and of the other random
    starts lowest_ln_share and highest_ln_share, where there are some."""
    return pd.concat([_rows(curve) for curve in curves], ignore_index=True)


def briefly(curves: Iterable[Curve]) -> pd.DataFrame:
    """The same rows to be read: without what "where" and the numbers say already."""
    table = profiles(curves).drop(columns=["step", "layer", "state"], errors="ignore")
    return table.iloc[:, [0, 1, 2, 4, 3, *range(5, table.shape[1])]]


def _rows(curve: Curve) -> pd.DataFrame:
    profile = curve.profile
    table = pd.DataFrame(
        {
            "series": curve.name,
            profile.axis: profile.position,
            "where": [place(profile, i) for i in range(len(profile.position))],
            "lag": profile.lag,
            "ln_norm": profile.log_norm,
            "ln_share": profile.relative,
            "state": profile.state,
        }
    )
    if curve.band:
        each = np.stack([one.relative for one in (profile, *curve.band)])
        table["lowest_ln_share"], table["highest_ln_share"] = each.min(0), each.max(0)
    if curve.theory:
        for prediction in [one for one in profile.predicted if one.curve is not None]:
            table[f"{prediction.name}, ln_share"] = prediction.curve
    return table
