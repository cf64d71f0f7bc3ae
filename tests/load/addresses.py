"""Where students go. The experiments are those that the pages start from: scenarios that compare numbers hold them to it."""

from dataclasses import replace
from typing import Any

from core import Blobs, Experiment, FeedForward, France, Noise, Recurrent

# address → what the page shows there untouched
PROFILES = {
    "": Experiment(network=Recurrent(embedding=8)),
    "depth": Experiment(network=FeedForward(), task=Blobs()),
    "time": Experiment(network=Recurrent(radius=1.0), task=Noise(length=60)),
}
SENTENCES = Experiment(network=Recurrent(cell="lstm"), task=France(gap=40, mixed=True))
SLIDERS = {"": "home-gap", "depth": "depth-depth", "time": "time-radius"}
GO = "sentences-go"  # the button Train or Stop


def spread(number: int, seeds: bool) -> list[str]:
    """Addresses of as many students, over all pages with a slider; with ``seeds`` no two have an experiment in common."""
    pages = list(SLIDERS)
    return [f"/{pages[i % len(pages)]}" + (f"?seed={1000 + i}" if seeds else "") for i in range(number)]


def lone(seed: int, **training: Any) -> tuple[str, Experiment]:
    """Address and experiment of a training of one network; ``training`` are settings other than the page's."""
    experiment = replace(SENTENCES, seed=seed, training=replace(SENTENCES.training, **training))
    query = {"versus": "none", **experiment.to_query(SENTENCES)}
    return "/sentences?" + "&".join(f"{name}={value}" for name, value in query.items()), experiment
