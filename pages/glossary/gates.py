"""Words about gates and memories."""

from pages.glossary.entry import Term

GATES = (
    Term(
        "lstm",
        "LSTM",
        ("LSTM", "long short-term memory"),
        "Long short-term memory: a recurrent network with a second state, the cell, that is changed only through gates. "
        "How long it remembers is decided by its forget bias more than by its name.",
        "e4",
        "Hochreiter & Schmidhuber 1997",
    ),
    Term(
        "gru",
        "GRU",
        ("GRU", "gated recurrent unit"),
        "Gated recurrent unit: a recurrent network in which a gate mixes the old state with a new one. "
        "At the usual start that gate is half open, and the gradient vanishes almost as fast as in a plain RNN.",
        "b5",
        "Cho et al. 2014",
    ),
    Term(
        "gate",
        "Gate",
        ("gate",),
        "A number between 0 and 1 for each unit, worked out from input and state, that something else is multiplied by. "
        "Going back, the gradient is multiplied by it too: a gate near 1 lets it through.",
        "e4",
    ),
    Term(
        "forget-gate",
        "Forget gate",
        ("forget gate",),
        "The gate of an LSTM that says how much of the cell is kept: 1 keeps all, 0 forgets. "
        "The first LSTM had none, so that its cell kept everything.",
        "e4",
        "Gers, Schmidhuber & Cummins 2000",
    ),
    Term(
        "forget-bias",
        "Forget bias",
        ("forget bias", "forget biases"),
        "A constant added to what goes into the forget gate: the larger, the more the gate stands open at the start. "
        "At $b$ a step keeps about $\\sigma(b)$ of the cell: .50, .73, .95 for 0, 1, 3. (PyTorch has two such vectors; meant is "
        "their sum.)",
        "e4",
        "Gers et al. 2000; Jozefowicz, Zaremba & Sutskever 2015",
    ),
    Term(
        "constant-error-carousel",
        "Constant error carousel",
        ("constant error carousel", "error carousel", "carousel"),
        "The cell of the first LSTM, which is multiplied by exactly 1 at each step, so that the error on this path never decays. "
        "Since there are forget gates the factor is the gate.",
        "e4",
        "Hochreiter & Schmidhuber 1997",
    ),
    Term(
        "cell-state",
        "Cell state",
        ("cell state", "cell's path", "cell path", "cell's own path"),
        "The LSTM's memory: it is scaled by the forget gate and added to, without matrix or activation in between. "
        "$c_t=f_t\\odot c_{t-1}+i_t\\odot g_t$, so on this path $\\partial c_T/\\partial c_t=\\prod f$.",
        "e4",
        "Hochreiter & Schmidhuber 1997",
    ),
    Term(
        "chrono-initialisation",
        "Chrono initialisation",
        ("chrono initialisation", "chrono initialization", "chrono bias", "chrono biases", "chrono"),
        "Drawing an LSTM's forget biases so that its units remember for different times, up to the span that the task needs. "
        "$b_f=\\ln u$ with $u$ uniform between 1 and $T-1$, and $b_i=-b_f$.",
        "e8",
        "Tallec & Ollivier 2018",
    ),
    Term(
        "leaky-units",
        "Leaky units",
        ("leaky unit", "leaky RNN", "leaky"),
        "Units that keep a fixed share of their old value at each step and renew the rest. "
        "$h_t=(1-\\alpha)h_{t-1}+\\alpha\\tanh(\\dots)$: the gradient, too, keeps a part that goes past matrix and slope.",
        "e6",
        "Jaeger et al. 2007; Bengio, Boulanger-Lewandowski & Pascanu 2013",
    ),
    Term(
        "lru",
        "LRU and linear recurrences",
        ("LRU", "linear recurrent unit", "linear recurrence", "gated linear recurrence", "minGRU"),
        "Recurrent layers in which the state enters linearly, each unit multiplied by a number of its own. "
        "In the LRU $\\partial h_T/\\partial h_t=\\lambda^{T-t}$ exactly, and $|\\lambda|$ starts close below 1.",
        "e8",
        "Orvieto et al. 2023",
    ),
)
