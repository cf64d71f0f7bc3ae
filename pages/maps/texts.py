"""The maps' longer texts: what the marks mean, and why the map looks as it does."""

from collections.abc import Sequence

from core.maps.surveys import PREFERRED
from pages.charts.heatmap import Line, Side
from pages.maps.entries import Map
from pages.maps.sentences import share_of


def legend(
    entry: Map, shown: str, lines: Sequence[Line], sides: Sequence[tuple[int, Side]], here: bool, measuring: bool
) -> str:
    """What the marks on a map mean; of lines that are missing nothing is said while it is still being measured."""
    names = {line.name for line in lines}
    theory = []
    if "χ = 1" in names:
        theory.append(f"where {PREFERRED} theory has a factor of 1 (χ = 1), as far as it holds")
    if "theory: factor 1" in names:
        theory.append(f"where theory has a factor of 1 ({PREFERRED} where that holds, else the Lyapunov exponent)")
    if "6 ξ" in names:
        theory.append("6 ξ, the depth down to which theory lets a network learn")
    parts = ["Framed: the network in hand." if here else "The network in hand stands beside this map."]
    if theory or not measuring:
        parts.append(f"Dashed grey: {'; '.join(theory)}." if theory else f"No line of theory: {entry.no_line}.")
    if sides:
        marks = [
            f"{mark}: {share_of(level)} of the signal arrives before training ({level.known})"
            for mark, level in zip(("Solid", "dotted"), entry.levels, strict=False)
        ]
        parts.append(f"{'; '.join(marks)}.")
    parts.append("Click a tile to take its network in hand.")
    return " ".join(parts)


WHY = {
    "radius": """
A plain RNN's step back multiplies the gradient by $W^\\top \\mathrm{diag}(1-h_t^2)$. The textbook's rule looks at $W$ alone:
vanishing if the spectral radius is below 1, explosion above. It leaves out the slopes $1-h_t^2$, which are below 1 as soon as
a unit is away from 0. **Inputs push units away from 0**: the more of them, the further right the edge.

With an orthogonal matrix, mean-field theory knows where it is (Chen, Pennington & Schoenholz 2018): where

$$\\chi = \\rho^2\\,\\mathbb E[\\varphi'(\\sqrt{q}\\,z)^2] = 1,\\qquad q = \\rho^2\\,\\mathbb E[h^2] + \\sigma_x^2,$$

$\\sigma_x^2$ being what inputs and biases give to a unit. That is the dashed line up to ρ = 1.5. Beyond, and for other matrices,
the same weights at each step begin to differ from the fresh ones that this theory takes for granted; there the line is where the
generalised Lyapunov exponent is 0, estimated from other inputs.

**Caveats.** Each tile is the mean over three random starts of a network of 32 units on 60 steps. There is nothing to be learned
from random numbers, so the cells of this map can't be trained. (*Gain* multiplies the same matrix as the radius: a map of these
two would have one direction only. That is why the second axis is the input.)
""",
    "depth": """
In a wide random network each layer multiplies the mean square of the gradient by
$\\chi=\\sigma_w^2\\,\\mathbb E[\\varphi'(u)^2]$. Left of the edge it vanishes, right of it it explodes. On the way *up*, two
different inputs become alike on the left (nothing is left to tell them apart) and equally unlike on the right (chaos). Both
happen over

$$\\xi = -\\frac{1}{\\ln\\big(\\sigma_w^2\\,\\mathbb E[\\varphi'(u_1)\\,\\varphi'(u_2)]\\big)}$$

layers, $u_1$ and $u_2$ being the pre-activations of two inputs whose overlap has settled. Schoenholz et al. (2017) found that
networks can be trained down to about **6 ξ**, on both sides: a wedge around the edge. Train the cells and see.

**Caveats.** The 6 is what they observed on MNIST and CIFAR, not a law; with more training steps the wedge widens a little.
Here it is 300 steps of SGD with the gradient clipped at 1, width 32, σ_b = 0.05, four blobs, one seed. 6 ξ uses the fixed
point, which a network of a few layers never reaches; the line χ = 1 is iterated from the data layer by layer, and drawn
where that can be trusted.
""",
    "gap": """
Before training, the network is measured: how much of the gradient at the last word arrives at the country? In 47 pairs of cell
and gap that were tried beforehand, networks with at least 2 % nearly always learned the task, those with less than a
ten-thousandth never did, and in between it depended. The two lines in the map are these levels; *learned by training* tries
every cell.

The order of the rows is not “old to new”. An LSTM is as good as its **forget bias** (Gers et al. 2000; Jozefowicz et al. 2015):
with 0 it is no better than a plain RNN. And a plain ReLU RNN that starts as the identity (Le, Jaitly & Hinton 2015) remembers
for longer than a GRU.

**Caveats.** One seed per cell when trained, three when measured; 300 steps of Adam; other seeds move the border by a cell. A
gradient that arrives is necessary, not sufficient: on other tasks (parity) it arrives and nothing is learned.
""",
    "start": """
Xavier (Glorot & Bengio 2010) and He (He et al. 2015) choose the weights' variance so that
$\\chi=\\sigma_w^2\\,\\mathbb E[\\varphi'^2]$ is about 1: for tanh the one, for ReLU the other. The sigmoid's slope is at most ¼,
so with none of these starts does χ come near 1. Orthogonal matrices (Saxe et al. 2013) are exact for linear networks. The
identity hands on what it gets, which is fine as long as the activation does, too.

**Caveats.** These are 20 layers of 64 units; with 50, a factor of 0.92 is no longer good enough. Learning is 200 steps of SGD,
clipped at 1, on four blobs, one seed. *Normal N(0, σ²)* has σ = 0.01 here.
""",
    "clip": """
Without clipping, SGD moves the weights by *learning rate × gradient*: too little on the left, and on the right one large
gradient throws them away. Clipping at $c$ makes every longer gradient $c$ long (Pascanu, Mikolov & Bengio 2013), so that a step
is never longer than *learning rate × c*: **along a diagonal, where this product stays the same, so does the outcome**.

A larger learning rate does not cure a vanishing gradient: it lengthens all parts of the gradient, those of the long paths and
those of the short ones, and leaves their ratio as it is (Hochreiter 1998). This network was chosen so that its gradient
arrives. Take PyTorch's default weights with gain 1 and a gap of 20 (in *More settings*), and no cell of this map learns.

**Caveats.** One seed per cell, 300 steps. Adam divides the gradient by its own size, so that with Adam clipping hardly
matters and the borders stand upright: try it.
""",
}
