"""A gradient recorder for Hugging Face's Trainer: ``Trainer(…, callbacks=[RecordGradients("recording.parquet")])``."""

from typing import Any

from transformers import TrainerCallback

import core  # the folder of this name, from Gradient Decay Lab, beside this file


class RecordGradients(TrainerCallback):
    """Records every so many steps, and saves at the end. A step is an optimiser's step, however many batches it has."""

    def __init__(self, path: str, every: int = 10) -> None:
        self.path, self.every = path, every

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, optimizer: Any = None, **more: Any
    ) -> None:
        """1: hooks in; accelerate wraps the optimiser that really makes the steps."""
        inner = getattr(optimizer, "optimizer", optimizer)
        self.recorder = core.GradientRecorder(model, inner, every=self.every).__enter__()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **more: Any) -> None:
        """2: notes the loss that the trainer logs; with logging_steps = every there is one for each recorded step."""
        if logs and "loss" in logs:
            self.recorder.step(logs["loss"])

    def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        """3: takes the hooks away and saves."""
        self.recorder.__exit__(None, None, None)
        self.recorder.save(self.path)
