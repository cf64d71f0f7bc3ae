"""Words about what one step back multiplies by, and the theory of it."""

from pages.glossary.entry import Term

MATRICES = (
    Term(
        "jacobian",
        "Jacobian",
        ("Jacobian",),
        "The matrix of all derivatives of one state with respect to another: what a small nudge of the one does to the other. "
        "A step back multiplies the gradient by the transpose of $J_k=\\partial h_{k+1}/\\partial h_k$; for a plain RNN that is "
        "$W^\\top\\mathrm{diag}(\\varphi')$.",
        "b4",
    ),
    Term(
        "norm",
        "Norm",
        ("norm", "Euclidean norm"),
        "The length of a vector: the root of the sum of its squared entries. "
        "It says how large a gradient is, not where it points.",
        "d2",
    ),
    Term(
        "eigenvalue",
        "Eigenvalue",
        ("eigenvalue",),
        "A factor by which a matrix multiplies a direction that it does not turn. "
        "$Wv=\\lambda v$. Complex ones come in pairs: they stand for a plane in which the matrix turns as well as stretches.",
        "c3",
    ),
    Term(
        "spectral-radius",
        "Spectral radius",
        ("spectral radius", "largest eigenvalue", "largest absolute eigenvalue"),
        "The largest absolute value among a matrix's eigenvalues. "
        "Powers of $W$ go to 0 in the end exactly if $\\rho(W)<1$. What one multiplication does, or many with slopes in between, "
        "it does not say.",
        "c3",
    ),
    Term(
        "singular-value",
        "Singular value",
        ("singular value", "largest singular value"),
        "The factors by which a matrix stretches; the largest is the most that it can lengthen any vector at once. "
        "$\\sigma_1\\gamma<1$, $\\gamma$ the activation's steepest slope, is enough for the gradient of a plain RNN to vanish. "
        "It is not necessary.",
        "c3",
        "Pascanu, Mikolov & Bengio 2013",
    ),
    Term(
        "spectral-norm",
        "Spectral norm",
        ("spectral norm",),
        "The most that a matrix can lengthen a vector: its largest singular value. "
        "It is never smaller than the spectral radius, and equal to it for normal matrices.",
        "c3",
    ),
    Term(
        "non-normal",
        "Non-normal matrix",
        ("non-normal", "non-normal matrix", "non-normal matrices", "sheared", "shear"),
        "A matrix without a full set of eigenvectors at right angles to each other. "
        "$WW^\\top\\neq W^\\top W$. Its powers may grow for a while although all its eigenvalues are below 1.",
        "c3",
        "Trefethen & Embree 2005",
    ),
    Term(
        "lyapunov-exponent",
        "Lyapunov exponent",
        ("Lyapunov exponent", "generalised Lyapunov exponent"),
        "The mean growth per step of a tiny nudge to the state, as a logarithm: below 0 nudges die out, above 0 there is chaos. "
        "In the long run a gradient going back changes at the same rate. The *generalised* one averages sizes before it takes "
        "the logarithm, so that the strongest examples count most.",
        "time",
        "Vogt et al. 2020; Engelken, Wolf & Abbott 2023",
    ),
    Term(
        "mean-field",
        "Mean field theory",
        ("mean field theory", "mean-field theory", "mean field", "mean-field"),
        "The theory of very wide networks with random weights, in which only averages over the units are left. "
        "Each layer back multiplies the gradient's mean square by $\\chi=\\sigma_w^2\\,\\mathbb E[\\varphi'(u)^2]$, the mean "
        "taken over its pre-activations $u$; the length by $\\sqrt\\chi$.",
        "depth",
        "Poole et al. 2016; Schoenholz et al. 2017",
    ),
    Term(
        "edge-of-chaos",
        "Edge of chaos",
        ("edge of chaos",),
        "The border between weights with which nudges die out and weights with which they grow. "
        "On it, sizes are kept over many steps or layers, forwards and backwards: $\\chi=1$, or a Lyapunov exponent of 0.",
        "map/radius",
        "Poole et al. 2016; Schoenholz et al. 2017",
    ),
    Term(
        "depth-scale",
        "Depth scale ξ",
        ("depth scale", "trainable depth", "6 ξ"),
        "The number of layers over which a random network forgets how alike two inputs were, down to a share of 1/e. "
        "Networks were found to be trainable down to about $6\\,\\xi$; at the edge of chaos $\\xi$ is infinite.",
        "map/depth",
        "Schoenholz et al. 2017",
    ),
    Term(
        "saturation",
        "Saturation",
        ("saturation", "saturated", "saturate", "saturating"),
        "A unit is saturated where its activation is flat: it hardly reacts any more, and passes hardly any gradient back. "
        "Large weights or inputs drive tanh and sigmoid units there.",
        "c5",
        "Glorot & Bengio 2010",
    ),
    Term(
        "slope",
        "Slope",
        ("slope",),
        "How steep a curve is: here that of the activation, of the loss, or of a curve on a log axis. "
        "The activation's, $\\varphi'(z)$, is a factor of each step back; the loss's is the gradient; that on the log axis is "
        "the logarithm of the rate.",
        "c5",
        basic=True,
    ),
)
