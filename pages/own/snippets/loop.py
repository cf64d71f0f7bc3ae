"""A training loop with a gradient recorder. Three lines are about it, marked with 1, 2 and 3."""

import torch
from torch import nn

import core  # the folder of this name, from Gradient Decay Lab, beside this file

torch.manual_seed(0)
layers = [layer for _ in range(8) for layer in (nn.Linear(32, 32), nn.Sigmoid())]
model = nn.Sequential(nn.Linear(16, 32), *layers, nn.Linear(32, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
centres = torch.randn(4, 16)

with core.GradientRecorder(model, optimizer, every=10) as recorder:  # 1
    for _ in range(500):
        targets = torch.randint(4, (64,))
        inputs = centres[targets] + 0.5 * torch.randn(64, 16)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recorder.step(loss)  # 2
recorder.save("recording.parquet")  # 3, or .json

print(*recorder.findings, sep="\n")  # where the first NaN or ∞ arose, if there was one
print(recorder.recording().profile(step=0).rate)  # factor by which each layer changes the signal on its way back
