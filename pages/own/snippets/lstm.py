"""A recurrent layer of torch's with a gradient recorder: how far back in time does the signal get?"""

import torch
from torch import nn

import core  # the folder of this name, from Gradient Decay Lab, beside this file

torch.manual_seed(0)


class Reader(nn.Module):
    """An LSTM, and a read-out of its last step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 32, batch_first=True)
        self.head = nn.Linear(32, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, T, 4) → (B, 4)."""
        outputs, _ = self.lstm(x)
        return self.head(outputs[:, -1])


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), 3e-3)
with core.GradientRecorder(model, optimizer, every=10) as recorder:  # 1
    for _ in range(300):
        targets = torch.randint(4, (64,))
        inputs = 0.45 * torch.randn(64, 40, 4)
        inputs[:, 0] = nn.functional.one_hot(targets, 4).float()  # the first step decides
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        recorder.step(loss)  # 2
recorder.save("recording.parquet")  # 3

# ∂L/∂x_t at each step's input: exact for the fused layer, where ∂L/∂h_t stays inside of it
profile = recorder.recording().profile(step=0, kind="input", layer="lstm")
print(f"At the start the signal halves every {profile.half_life:.1f} steps.")
