"""Words about how training starts, and what it does with a gradient."""

from pages.glossary.entry import Term

TRAINING = (
    Term(
        "loss",
        "Loss",
        ("loss", "losses"),
        "A number that says how wrong the network's answers are, 0 being perfect; training tries to make it smaller. "
        "For a choice between words it is $-\\ln$ of the probability given to the right one.",
        "b1",
        basic=True,
    ),
    Term(
        "loss-surface",
        "Loss surface, and a slice of it",
        ("loss surface", "loss landscape", "slice of the loss", "loss slice", "surface"),
        "The loss seen as a height above all possible weights: valleys, plains, cliffs. "
        "A picture can only show a slice, two directions out of thousands.",
        "a6",
        "Goodfellow, Vinyals & Saxe 2015; Li et al. 2018",
    ),
    Term(
        "gradient-descent",
        "Gradient descent (SGD)",
        ("gradient descent", "stochastic gradient descent", "SGD", "plain descent"),
        "Training by many small steps downhill: each weight moves against its gradient. "
        "*Stochastic* (SGD) when each step looks at one batch only.",
        "b1",
    ),
    Term(
        "learning-rate",
        "Learning rate η",
        ("learning rate", "η"),
        "How far a weight moves per unit of its gradient. "
        "A larger one does not cure vanishing: it lengthens the near and the far parts of the gradient alike.",
        "b1",
        "Hochreiter 1998",
    ),
    Term(
        "step",
        "Step, batch, epoch",
        ("training step", "batch", "batches", "mini-batch", "epoch"),
        "A training step is one move of all weights, made after looking at one batch of examples. "
        "An epoch is as many steps as it takes to see all examples once. A *time* step is another thing: a place in a sequence.",
        "b5",
        basic=True,
    ),
    Term(
        "momentum",
        "Momentum",
        ("momentum", "Nesterov momentum", "Nesterov"),
        "Moving along a running sum of past gradients instead of the last one only: with the usual 0.9 up to ten times as fast. "
        "Nesterov's looks at the slope ahead.",
        "b6",
        "Polyak 1964; Nesterov 1983",
    ),
    Term(
        "rmsprop",
        "RMSProp",
        ("RMSProp",),
        "Gradient descent in which each weight's step is divided by the usual size of its own recent gradients.",
        "e6",
        "Tieleman & Hinton 2012",
    ),
    Term(
        "adam",
        "Adam",
        ("Adam",),
        "RMSProp with momentum: each weight's step is of the order of the learning rate, however small its gradient. "
        "So every layer moves; whether in a useful direction is another question.",
        "b6",
        "Kingma & Ba 2015",
    ),
    Term(
        "gradient-clipping",
        "Gradient clipping",
        ("gradient clipping", "clipping", "clipped"),
        "A gradient longer than a limit is shortened to that length; its direction stays. "
        "A remedy against explosion. It cannot bring back what has vanished.",
        "map/clip",
        "Pascanu, Mikolov & Bengio 2013",
    ),
    Term(
        "omega",
        "Regulariser Ω",
        ("penalty Ω", "regulariser Ω", "Ω regulariser", "Ω"),
        "A penalty added to the loss for every step back that changes the length of the gradient. "
        "$\\Omega=\\sum_k\\big(\\|\\delta_{k+1}\\,\\partial h_{k+1}/\\partial h_k\\|/\\|\\delta_{k+1}\\|-1\\big)^2$ with "
        "$\\delta=\\partial L/\\partial h$.",
        "e6",
        "Pascanu, Mikolov & Bengio 2013",
    ),
    Term(
        "sparsity-penalty",
        "Sparsity penalty",
        ("sparsity penalty", "L1 penalty", "penalty on activations"),
        "The sum of all activations' absolute values, added to the loss, so that many units fall silent.",
        "e5",
        "Bengio, Boulanger-Lewandowski & Pascanu 2013",
    ),
    Term(
        "dropout",
        "Dropout: naive, variational, fast",
        ("dropout", "naive dropout", "variational dropout", "fast dropout"),
        "Switching off random units while training, so that the network relies on none of them. "
        "In a recurrent network: *naive*, other units at each step; *variational*, the same ones for a whole sequence; *fast*, "
        "the noise that this would cause, drawn from a normal distribution.",
        "e7",
        "Srivastava et al. 2014; Gal & Ghahramani 2016; Wang & Manning 2013",
    ),
)
