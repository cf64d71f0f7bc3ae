"""``python -m core.export`` writes the notebook with the default experiment to notebooks/gradient_decay.ipynb."""

from pathlib import Path

from ..experiment.specs import Experiment
from . import as_notebook

if __name__ == "__main__":
    folder = Path(__file__).parents[2] / "notebooks"
    folder.mkdir(exist_ok=True)
    (folder / "gradient_decay.ipynb").write_text(as_notebook(Experiment()), encoding="utf-8")
