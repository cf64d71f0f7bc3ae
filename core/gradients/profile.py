"""The gradient profile: how much of the loss's signal reaches each layer or each time step."""

import dataclasses
from dataclasses import dataclass

import numpy as np

SMALLEST = {"float32": np.log(2.0**-149), "float64": np.log(2.0**-1074)}  # ln of the smallest number above zero
_OVERFLOW = float(np.log(np.finfo(np.float32).max))
TRANSIENT = 5  # the read-out's transient: lags that the fit leaves out


@dataclass(frozen=True)
class Fit:
    """A straight line through ln ‖gradient‖: ``slope`` in nats per layer or step towards the loss, counted backwards.

    A negative slope means that each step back loses signal. ``residual`` is the root mean square distance from the line
    in nats, ``r2`` the share of variance explained (near 0 slope it says little: judge by the residual). ``points`` were
    used. NaN when fewer than two finite points are left.
    """

    slope: float
    intercept: float
    residual: float
    r2: float
    points: int

    @property
    def rate(self) -> float:
        """Factor per step back: e^slope."""
        return float(np.exp(self.slope))

    @property
    def half_life(self) -> float:
        """Steps back until half is left; negative when the signal grows (steps until it doubles); inf when flat."""
        return float(np.inf) if self.slope == 0 else float(-np.log(2) / self.slope)


@dataclass(frozen=True)
class Prediction:
    """What theory says the slope is. ``curve`` (nats relative to the last position) where it is not a straight line.

    ``holds`` says in words where the prediction may be trusted; ``slope`` is NaN where it does not apply.
    """

    name: str
    slope: float
    holds: str
    curve: np.ndarray | None = None


@dataclass(frozen=True)
class GradientProfile:
    """‖∂L/∂h‖ at each position, oldest (or lowest) first; all plain arrays, nothing to differentiate.

    axis: "step" or "layer". position (P,): 0-based time step, or layer 1 … depth. log_norm (P,): natural logarithm of the
    Frobenius norm over (batch, width) of the total derivative ∂L/∂h, L being the batch's mean loss; for stacked recurrent
    layers over all of them, with by_layer (layers, P) apart. words and cue are the batch's first example.
    """

    axis: str
    position: np.ndarray
    log_norm: np.ndarray
    by_layer: np.ndarray
    words: tuple[str, ...] = ()
    cue: int | None = None
    predicted: tuple[Prediction, ...] = ()

    @property
    def norm(self) -> np.ndarray:
        """e^log_norm in float64: reads 0 below 10⁻³²⁴ and ∞ above 10³⁰⁸, where log_norm still has a number."""
        with np.errstate(over="ignore"):
            return np.exp(self.log_norm)

    @property
    def relative(self) -> np.ndarray:
        """ln of the norm over the norm at the last position: the share of the signal that arrives."""
        with np.errstate(invalid="ignore"):
            return self.log_norm - self.log_norm[-1]

    @property
    def lag(self) -> np.ndarray:
        """Steps (layers) back from the last position."""
        return self.position[-1] - self.position

    @property
    def state(self) -> tuple[str, ...]:
        """Per position: "ok"; "underflow"/"overflow" where float32 would read 0/∞; "zero"; "infinite"; "nan"."""
        return tuple(_state(value) for value in self.log_norm)

    @property
    def fit(self) -> Fit:
        """The straight line through the profile, without the first ``TRANSIENT`` lags where there is room for that."""
        return fit_line(self.lag, self.log_norm)

    @property
    def rate(self) -> float:
        """Fitted factor per step back."""
        return self.fit.rate

    @property
    def half_life(self) -> float:
        """Fitted steps until half is left."""
        return self.fit.half_life

    def lost_after(self, dtype: str = "float32") -> float:
        """Lag at which the norm falls below the smallest number of ``dtype``: measured, else by the fit; inf if never."""
        below = self.log_norm < SMALLEST[dtype]
        if below.any():
            return float(self.lag[below].min())
        fit = self.fit
        return float((SMALLEST[dtype] - fit.intercept) / fit.slope) if fit.slope < 0 else float(np.inf)

    def with_predictions(self, *predictions: Prediction) -> "GradientProfile":
        """The same profile with theory beside it."""
        return dataclasses.replace(self, predicted=predictions)


def fit_line(lag: np.ndarray, log_norm: np.ndarray) -> Fit:
    """Least squares of ln-norm on lag. Zeros, ∞ and NaN are left out, and the transient if 3 points remain without it."""
    usable = np.isfinite(log_norm)
    late = usable & (lag >= TRANSIENT)
    usable = late if late.sum() >= 3 else usable
    x, y = lag[usable].astype(float), log_norm[usable]
    if len(x) < 2:
        return Fit(np.nan, np.nan, np.nan, np.nan, len(x))
    slope, intercept = np.polynomial.polynomial.polyfit(x, y, 1)[::-1]
    error = y - (intercept + slope * x)
    spread = ((y - y.mean()) ** 2).sum()
    r2 = 1.0 if spread == 0 else 1.0 - (error**2).sum() / spread
    return Fit(float(slope), float(intercept), float(np.sqrt((error**2).mean())), float(r2), len(x))


def _state(value: float) -> str:
    if np.isnan(value):
        return "nan"
    if np.isposinf(value):
        return "infinite"
    if np.isneginf(value):
        return "zero"
    if value < SMALLEST["float32"]:
        return "underflow"
    return "overflow" if value > _OVERFLOW else "ok"
