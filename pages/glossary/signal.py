"""Words about the gradient and its way back."""

from pages.glossary.entry import Term

SIGNAL = (
    Term(
        "gradient",
        "Gradient",
        ("gradient",),
        "How much the loss would change if a number in the network were changed a little, for every such number. "
        "Gradient descent takes a step against it. Mostly meant here is $\\partial L/\\partial h_t$: the numbers are those of "
        "the state after word $t$, or of a layer.",
        "b1",
        basic=True,
    ),
    Term(
        "signal",
        "Learning signal",
        ("learning signal", "error signal", "signal"),
        "What the error tells an earlier state or layer: the gradient of the loss with respect to it. "
        "A state that receives none cannot be improved. Its strength is the length $\\|\\partial L/\\partial h_t\\|$.",
        "a1",
        "Hochreiter 1991",
        basic=True,
    ),
    Term(
        "share-of-the-signal",
        "Share of the signal",
        ("share of the signal",),
        "The gradient's length at a word, step or layer, divided by its length at the last one. "
        "A share of $10^{-6}$: of what was there at the end, a millionth has arrived.",
        "home",
    ),
    Term(
        "backpropagation",
        "Backpropagation",
        ("backpropagation", "back-propagation", "backprop", "chain rule"),
        "The chain rule, worked out backwards from the loss: one pass gives the gradient for all numbers in the network. "
        "It is exact but for rounding: a tiny gradient is not a wrong one.",
        "a2",
        "Rumelhart, Hinton & Williams 1986",
    ),
    Term(
        "backpropagation-through-time",
        "Backpropagation through time (BPTT)",
        ("backpropagation through time", "BPTT"),
        "Backpropagation in an unrolled recurrent network: errors go back from step to step. "
        "All steps share the same weights, whose gradient is the sum over the steps.",
        "d4",
        "Werbos 1990",
    ),
    Term(
        "truncated-bptt",
        "Truncated BPTT",
        ("truncated BPTT", "truncated backpropagation", "truncated backpropagation through time"),
        "Backpropagation through time that stops after a fixed number of steps back. "
        "It saves memory and time. What lies farther back than that receives exactly nothing of the error.",
        "d4",
        "Williams & Peng 1990",
    ),
    Term(
        "vanishing-gradient",
        "Vanishing gradient",
        ("vanishing gradient", "gradient vanishes", "gradients vanish", "gradient has vanished", "vanishing"),
        "A gradient that shrinks exponentially on its way back through steps or layers, until too little is left to learn from. "
        "It is computed correctly; it is only so small that everything else decides what the weights do.",
        "a1",
        "Hochreiter 1991; Bengio, Simard & Frasconi 1994",
    ),
    Term(
        "exploding-gradient",
        "Exploding gradient",
        ("exploding gradient", "gradient explodes", "gradients explode", "explosion", "exploding"),
        "A gradient that grows exponentially on its way back, so that one step of training can throw the weights far away. "
        "Clipping is the usual remedy.",
        "map/radius",
        "Pascanu, Mikolov & Bengio 2013",
    ),
    Term(
        "rate",
        "Rate",
        ("decay rate", "rate of decay", "factor per step", "factor per step back", "factor per layer"),
        "The factor by which one step or layer back multiplies the gradient's length, fitted to the whole curve. "
        "Below 1 it vanishes, above 1 it explodes: $0.55^{24}$ is about a millionth.",
        "c7",
    ),
    Term(
        "half-life",
        "Half-life",
        ("half-life", "half-lives"),
        "After how many steps or layers back half of the gradient is left. "
        "With a rate $r<1$ these are $\\ln 2/\\ln(1/r)$: 1.2 steps for $r=0.55$, 69 for $r=0.99$.",
        "home",
    ),
    Term(
        "log-axis",
        "Log axis",
        ("log axis", "log axes", "logarithmic axis", "log scale", "decade", "powers of ten"),
        "An axis on which equal distances are equal factors, a decade being a factor of ten. "
        "What shrinks by the same factor at each step is a straight line there, and $10^{-6}$ can be told from $10^{-12}$.",
        "a1",
    ),
    Term(
        "lag",
        "Lag",
        ("lag",),
        "How many steps lie between the place where a weight or state is used and the loss that is looked at. "
        "Lag 0 is the same step; what a network has to remember lies at large lags.",
        "d3",
    ),
    Term(
        "role",
        "Roles: local and long-range",
        ("role one", "role two", "two roles", "local role", "long-range role", "two jobs"),
        "The two jobs of the same recurrent weights: answer from the word just read, and pack what a later answer will need. "
        "The first is told by the gradient at lag 0, the second by that at larger lags, and both are added up.",
        "d3",
        "Bengio, Simard & Frasconi 1994, §4",
    ),
    Term(
        "gradient-map",
        "T×T map",
        ("T×T map", "gradient map", "itemised gradient", "itemized gradient"),
        "A grid that keeps apart what backpropagation adds up: a row for each step's own loss, a column for each step's state. "
        "The entry is $\\|\\partial L_t/\\partial h_k\\|$; the lower left corner is the way from the last word to the first.",
        "d4",
        "Cashman et al. 2017",
    ),
)
