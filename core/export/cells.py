"""The cells of the notebook: (kind, text). ``<NAME>`` is a gap."""

CELLS = [
    (
        "markdown",
        """\
# Gradients that get lost on the way

A network learns because every layer, and every step in time, hears how it should have been different: the gradient of the
loss. This notebook measures how much of that signal arrives, compares it with theory, trains the network, and measures again.
It uses the library behind *Gradient Decay Lab*; nothing here needs the app.

Keep this file in the project's folder `notebooks/`, or put the project's folder into `sys.path` below.
""",
    ),
    (
        "code",
        """\
import sys
from dataclasses import replace

import altair as alt
import pandas as pd
import torch
import torch.nn.functional as F

sys.path.insert(0, "..")  # the project's folder

import core
""",
    ),
    (
        "markdown",
        """\
## The experiment

Equal experiments give equal numbers. Every setting has a default; what is named here differs from it. `help(core.Recurrent)`
and its like list what can be set.
""",
    ),
    ("code", "experiment = <EXPERIMENT>\nexperiment\n"),
    ("code", '" ".join(core.held_out(experiment, 1).words) or core.held_out(experiment, 1).inputs.shape\n'),
    (
        "markdown",
        """\
## How far does the gradient get?

`measure` differentiates the mean loss of 32 examples with respect to the network's state at every step (or layer) and takes
its length. `relative` is the natural logarithm of the share that arrives: logarithms, because 10⁻³⁰⁰ is an ordinary number here.

**Guess first:** what share reaches the far end?
""",
    ),
    (
        "code",
        """\
profile = core.measure(experiment)


def curve(profile, name):
    table = {"back": profile.lag, "share (power of ten)": profile.relative / 2.302585, "curve": name}
    return pd.DataFrame(table)


def picture(table):
    x = alt.X("back", sort="descending", title=f"{profile.axis}s back from the loss")
    return alt.Chart(table).mark_line(point=True).encode(x, alt.Y("share (power of ten)"), alt.Color("curve"))


print(f"Each {profile.axis} back multiplies the signal by {profile.rate:.3f}.")
print(f"Half is left after {profile.half_life:.1f} of them (a negative number: it has doubled).")
picture(curve(profile, "measured"))
""",
    ),
    (
        "markdown",
        """\
## What theory says

Each prediction knows where it may be trusted. Not every network has one.
""",
    ),
    (
        "code",
        """\
for prediction in profile.predicted:
    print(f"{prediction.name}: factor {2.718282**prediction.slope:.3f} (for {prediction.holds})")
""",
    ),
    (
        "markdown",
        """\
## Change one thing

Only then can you say what made the difference. Try another field as well.
""",
    ),
    (
        "code",
        """\
others = {
    name: replace(experiment, network=replace(experiment.network, <FIELD>=name)) for name in <OTHERS>
}
picture(pd.concat([curve(core.measure(other), name) for name, other in others.items()]))
""",
    ),
    (
        "markdown",
        """\
## Train it, in pieces

`advance` gives back a new `Run`. However the steps are cut into pieces, the numbers are the same to the last bit, so you may
stop, look, and go on. A gradient that arrives is needed for learning, and is not enough for it.
""",
    ),
    (
        "code",
        """\
run = core.start(experiment)
while not run.done:
    run = core.advance(run, 100)
    print(f"step {run.step:4d}: {run.accuracy:.0%} right (guessing: {experiment.task.shape().chance:.0%})")
print(run.trouble)
""",
    ),
    (
        "code",
        """\
film = pd.DataFrame({"step": f.step, "accuracy": f.accuracy, "loss": f.loss} for f in run.film)
alt.Chart(film).mark_line(point=True).encode(alt.X("step"), alt.Y("accuracy", scale=alt.Scale(domain=[0, 1])))
""",
    ),
    ("markdown", "The same profile, before and after:\n"),
    (
        "code",
        """\
after = core.measure(experiment, run)
picture(pd.concat([curve(profile, "before"), curve(after, "after training")]))
""",
    ),
    (
        "markdown",
        """\
## Your own training loop

`core.build` gives an ordinary `torch.nn.Module`. `GradientRecorder` writes down what happens to its gradients in any loop of
yours, with any model, without changing a number of the training.
""",
    ),
    (
        "code",
        """\
model = core.build(experiment)
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

with core.GradientRecorder(model, optimizer, every=5) as recorder:
    for step in range(50):
        batch = core.sample(experiment, step)
        inputs, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
        if inputs.is_floating_point():
            inputs = inputs.float()
        optimizer.zero_grad()
        answers = model(inputs<EACH_STEP>)
        loss = <LOSS>
        loss.backward()
        optimizer.step()
        recorder.step(loss)

print(*recorder.findings, sep="\\n")  # where the first NaN or ∞ arose; nothing if none did
""",
    ),
    (
        "code",
        """\
table = recorder.table()
weights = table[(table["kind"] == "gradient") & (table["position"] == -1)].replace(float("-inf"), None)
alt.Chart(weights).mark_line(point=True).encode(
    alt.X("step"), alt.Y("log_norm", title="ln of the weights' gradient"), alt.Color("layer")
)
""",
    ),
    (
        "markdown",
        """\
## To try

1. Make the way twice as long. Does the share that arrives become its square? Why (not)?
2. Find one setting that makes the gradient explode instead.
3. Find the smallest change with which the network learns, and say how much signal arrived before training.
4. `core.claims` judges what is said about vanishing gradients: `from core.claims import CLAIMS`, then
   `CLAIMS["a1"].judge(CLAIMS["a1"].base)`. Which claim surprises you?
""",
    ),
]
