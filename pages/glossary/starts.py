"""Words about how weights are drawn and signals are normalised."""

from pages.glossary.entry import Term

STARTS = (
    Term(
        "initialisation",
        "Initialisation",
        ("initialisation", "initialization", "starting weights"),
        "How the weights are drawn before training. "
        "It decides whether the first gradients arrive, and so often whether anything is learned.",
        "map/start",
    ),
    Term(
        "xavier-and-he",
        "Xavier (Glorot) and He initialisation",
        ("Xavier", "Xavier initialisation", "Glorot initialisation", "He initialisation", "Kaiming initialisation"),
        "Random weights drawn with a variance that keeps sizes about the same from layer to layer. "
        "Variance $2/(n_{in}+n_{out})$ for tanh (Xavier Glorot), $2/n_{in}$ for ReLU (Kaiming He), which lets only half through.",
        "map/start",
        "Glorot & Bengio 2010; He et al. 2015",
    ),
    Term(
        "orthogonal",
        "Orthogonal weights",
        ("orthogonal", "orthogonal matrix", "orthogonal matrices", "orthogonal weights"),
        "A matrix that turns or mirrors, and changes no vector's length, neither forwards nor backwards. "
        "All its singular values are 1, so that only the activation's slopes shrink the gradient.",
        "e8",
        "Saxe, McClelland & Ganguli 2013; Arjovsky, Shah & Bengio 2016",
    ),
    Term(
        "identity-start",
        "Identity start (IRNN)",
        ("IRNN", "identity matrix", "from the identity"),
        "A ReLU network whose recurrent matrix starts as the identity: each unit begins by handing on what it has. "
        "So does the gradient of every unit that is on.",
        "e5",
        "Le, Jaitly & Hinton 2015",
    ),
    Term(
        "layernorm",
        "LayerNorm",
        ("LayerNorm", "layer normalisation", "layer normalization"),
        "Brings the units of a layer to mean 0 and variance 1, for each example by itself. "
        "The scale of the starting weights then no longer matters to the gradient.",
        "c6",
        "Ba, Kiros & Hinton 2016",
    ),
    Term(
        "batchnorm",
        "BatchNorm",
        ("BatchNorm", "batch normalisation", "batch normalization"),
        "Brings each unit to mean 0 and variance 1 over the examples of a batch. "
        "Without skip connections the gradient then explodes slowly at the start: with ReLU by a factor of about 1.2 per layer.",
        "depth",
        "Ioffe & Szegedy 2015; Yang et al. 2019",
    ),
    Term(
        "seed",
        "Seed",
        ("seed", "random start"),
        "The number that decides all that is drawn at random: starting weights, examples, noise. "
        "The same settings and seed give the same result; what holds for one seed only is no finding.",
        "b2",
    ),
)
