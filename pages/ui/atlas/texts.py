"""The maps' longer texts: what the marks mean, and why the map looks as it does."""

from collections.abc import Sequence

from core.surveys import PREFERRED
from pages.charts.heatmap import Line, Side
from pages.ui.atlas.entries import Map
from pages.ui.atlas.words import share_of


def legend(entry: Map, shown: str, lines: Sequence[Line], sides: Sequence[tuple[str, Side]], here: bool) -> str:
    """What the marks on a map mean."""
    names = {line.name for line in lines}
    theory = []
    if "χ = 1" in names:
        theory.append(f"where {PREFERRED} theory has a factor of 1 (χ = 1), as far as it holds")
    if "theory: 1" in names:
        theory.append("where theory has a factor of 1")
    if "6 ξ" in names:
        theory.append("6 ξ, the depth down to which theory lets a network learn")
    parts = ["◯ The network in hand." if here else "The network in hand stands beside this map."]
    parts.append(f"Dashed grey: {'; '.join(theory)}." if theory else f"No line of theory: {entry.no_line}.")
    if sides:
        marks = [
            f"{mark}: {share_of(level)} of the signal arrives before training, {'above' if level.above else 'below'} it "
            f"{level.known} in 47 tries"
            for mark, level in zip(("Solid", "dotted"), entry.levels, strict=False)
        ]
        parts.append(f"{'; '.join(marks)}.")
    parts.append("Click a tile to take its network in hand.")
    return " ".join(parts)


WHY = {
    "radius": """
A plain RNN's step back multiplies the gradient by $W^\\top \\mathrm{diag}(1-h_t^2)$. The textbook's rule looks at $W$
alone: the
gradient vanishes if the spectral radius is below 1, and explodes above. The slopes $1-h_t^2$ are left out of that, and
they are
below 1 as soon as a unit is away from 0. **Inputs push units away from 0**: the more of them, the further right the edge.

With an orthogonal matrix, mean-field theory knows where it is (Chen, Pennington & Schoenholz 2018): at
$\\chi = \\rho^2\\,\\mathbb E[\\varphi'(\\sqrt{q}\\,z)^2] = 1$, where $q = \\rho^2\\,\\mathbb E[h^2] + \\sigma_x^2$ and
$\\sigma_x^2$
is what inputs and biases give to a unit. It is the dashed line; it ends at ρ = 1.5, where tied weights begin to differ
from the fresh
ones that the theory takes for granted.

**Caveats.** Each tile is the mean over three random starts of a network of 32 units and 60 steps. There is nothing to be
learned
from random numbers, so this map can't be trained. *Gain* and *radius* multiply the same matrix, so a map of these two
would have
only one direction; that is why the second axis is the input.
""",
    "depth": """
In a wide random network each layer multiplies the mean square of the gradient by $\\chi=\\sigma_w^2\\,\\mathbb
E[\\varphi'^2]$. Left of
the edge it vanishes, right of it it explodes. On the way *up*, two different inputs become alike on the left (nothing is
left to
tell them apart) and equally unlike on the right (chaos). Both happen over

$$\\xi = -\\frac{1}{\\ln\\big(\\sigma_w^2\\,\\mathbb E[\\varphi'(u_1)\\,\\varphi'(u_2)]\\big)}$$

layers, $u_1, u_2$ being the pre-activations of two inputs whose overlap has settled. Schoenholz et al. (2017) found that
networks
can be trained down to about **6 ξ**, on both sides: a wedge around the edge. Train the cells and see.

**Caveats.** The factor 6 is an observation of theirs for other data (MNIST, CIFAR), widths and budgets, not a law; longer
training moves it a
little. Here it is 300 steps of SGD with the gradient clipped at 1, width 32, σ_b = 0.05, four blobs. The depth scale uses
the
fixed point, which a net of a few layers never reaches; the χ = 1 line is iterated from the data layer by layer.
""",
    "gap": """
Before training, the network is measured: how much of the gradient at the last word arrives at the country? In 47 pairs of
cell and
gap, networks with at least 2 % there nearly always learned the task, those with less than a ten-thousandth never, and in
between it
depended. The two lines in the map are these levels; *learned by training* tries all cells.

The order of the rows is not “old to new”. An LSTM is as good as its **forget bias** (Gers et al. 2000; Jozefowicz et al.
2015): with 0
it is hardly better than a plain RNN. A plain ReLU RNN that starts as the identity (Le, Jaitly & Hinton 2015) beats a GRU.

**Caveats.** One seed per cell when trained, three when measured; 300 steps of Adam; other seeds move the border by a
cell. A
gradient that arrives is necessary here, not sufficient: on other tasks (parity) it arrives and nothing is learned.
""",
    "start": """
Xavier (Glorot & Bengio 2010) and He (He et al. 2015) choose the weights' variance so that χ = σ_w² E[φ'²] is about 1 –
for tanh and for
ReLU. A sigmoid's slope is at most ¼: χ can't come near 1 with either. Orthogonal matrices (Saxe et al. 2013) are exact
for linear
networks. The identity copies: what is good for that is an activation that is itself close to the identity.

**Caveats.** A good factor is needed, not sufficient: GELU with He weights learns though its factor is below 1 here, since
twenty
layers are not many. Learning is 200 steps of SGD, clipped at 1, on four blobs. *Normal N(0, σ²)* has σ = 0.01 here.
""",
    "clip": """
Without clipping, SGD moves the weights by *learning rate × gradient*: too little on the left, and on the right one large
gradient
throws them away. Clipping at $c$ makes every larger gradient $c$ long (Pascanu, Mikolov & Bengio 2013), so a step is
never longer
than *learning rate × c*: **along the diagonal, where this product stays the same, so does the outcome**.

A larger learning rate does not cure a vanishing gradient: it makes all parts of the gradient larger, the long paths and
the short
ones, and leaves their ratio as it is (Hochreiter 1998). This network was chosen so that its gradient arrives. Take a
plain one
(PyTorch's default weights) and a gap of 20, and no cell of this map learns.

**Caveats.** One seed per cell, 300 steps. Adam rescales each weight's step, and so makes the map look different: try it.
""",
}
