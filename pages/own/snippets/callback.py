"""A gradient recorder as a callback, with the names that PyTorch Lightning gives its hooks.

For Lightning: ``class RecordGradients(lightning.Callback)``, and ``Trainer(callbacks=[RecordGradients("recording.parquet")])``.
Below, a trainer of a few lines calls the same hooks.
"""

from typing import Any

import torch
from torch import nn

import core  # the folder of this name, from Gradient Decay Lab, beside this file


class RecordGradients:
    """Records every so many steps, and saves at the end, also when the training fails."""

    def __init__(self, path: str, every: int = 10) -> None:
        self.path, self.every = path, every

    def on_train_start(self, trainer: Any, module: nn.Module) -> None:
        """1: hooks in."""
        self.recorder = core.GradientRecorder(module, trainer.optimizers[0], every=self.every).__enter__()

    def on_train_batch_end(self, trainer: Any, module: nn.Module, outputs: Any, batch: Any, batch_idx: int) -> None:
        """2: notes the loss."""
        self.recorder.step(outputs["loss"])

    def on_train_end(self, trainer: Any, module: nn.Module) -> None:
        """3: takes the hooks away and saves."""
        self.recorder.__exit__(None, None, None)
        self.recorder.save(self.path)

    def on_exception(self, trainer: Any, module: nn.Module, exception: BaseException) -> None:
        """What has been recorded until then may tell why."""
        self.on_train_end(trainer, module)


class Trainer:
    """Stands in for Lightning's."""

    def __init__(self, callback: RecordGradients) -> None:
        self.callback = callback
        self.optimizers: list[torch.optim.Optimizer] = []

    def fit(self, module: nn.Module, steps: int) -> None:
        """Learns to copy signs."""
        self.optimizers = [torch.optim.Adam(module.parameters(), 1e-3)]
        self.callback.on_train_start(self, module)
        for step in range(steps):
            batch = torch.randn(32, 16)
            loss = nn.functional.mse_loss(module(batch), batch.sign())
            self.optimizers[0].zero_grad()
            loss.backward()
            self.optimizers[0].step()
            self.callback.on_train_batch_end(self, module, {"loss": loss}, batch, step)
        self.callback.on_train_end(self, module)


if __name__ == "__main__":
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
    Trainer(RecordGradients("recording.parquet")).fit(model, 200)
