"""Words about networks and what they are made of; gates and memories are in gates.py."""

from pages.glossary.entry import Term

NETWORKS = (
    Term(
        "activation",
        "Activation",
        ("activation", "activation function", "nonlinearity", "nonlinearities"),
        "The bent function, such as tanh or ReLU, that each unit applies to the sum of its inputs; also what comes out of it. "
        "Without it a stack of layers would be a single matrix. The sum before it is the *pre-activation* $z$.",
        "c5",
        basic=True,
    ),
    Term(
        "tanh",
        "tanh",
        ("tanh", "hyperbolic tangent"),
        "An S-shaped activation from −1 to 1. Its slope is 1 in the middle and near 0 at both ends, so that a tanh unit never "
        "makes a gradient larger.",
        "c5",
    ),
    Term(
        "sigmoid",
        "Sigmoid (logistic function)",
        ("sigmoid", "logistic function", "logistic"),
        "An S-shaped activation from 0 to 1, used by gates as well. "
        "$\\sigma(z)=1/(1+e^{-z})$. Its slope is ¼ at most: three quarters of the signal go at each step unless weights make up "
        "for it.",
        "e3",
    ),
    Term(
        "relu",
        "ReLU",
        ("ReLU", "rectifier", "rectified linear unit"),
        "An activation that hands on positive numbers as they are and makes negative ones 0. "
        "Its slope is 1 or 0: nothing saturates, but a unit that is off passes nothing back.",
        "e5",
        "Glorot, Bordes & Bengio 2011",
    ),
    Term(
        "feed-forward-network",
        "Feed-forward network (MLP)",
        ("feed-forward network", "feed-forward", "MLP", "multilayer perceptron"),
        "A network without loops: layer after layer, each with weights of its own.",
        "c1",
    ),
    Term(
        "convolutional-network",
        "Convolutional network (CNN)",
        ("convolutional network", "convolution", "CNN"),
        "A feed-forward network whose layers move the same few weights across an image or a sequence. "
        "To the gradient a convolution is a matrix like any other, with many equal entries.",
        "c4",
        "LeCun et al. 1989",
    ),
    Term(
        "recurrent-network",
        "Recurrent network (RNN)",
        ("recurrent network", "recurrent neural network", "RNN", "plain RNN", "simple RNN"),
        "A network that reads a sequence step by step, with the same weights at every step and a state that it hands on. "
        "The plain one is $h_t=\\varphi(W h_{t-1}+U x_t+b)$.",
        "home",
        "Elman 1990",
        basic=True,
    ),
    Term(
        "hidden-state",
        "Hidden state",
        ("hidden state", "state"),
        "The numbers that a recurrent network hands on from step to step: all that it knows of what it has read. "
        "Written $h_t$ after step $t$.",
        "d7",
        basic=True,
    ),
    Term(
        "unrolling",
        "Unrolling",
        ("unrolling", "unrolled", "unroll"),
        "Drawing a recurrent network as a deep feed-forward one, with a copy of the same layer for each time step. "
        "Nothing is changed by it: outputs and gradients are equal.",
        "c1",
    ),
    Term(
        "tied-weights",
        "Tied (shared) weights",
        ("tied weights", "shared weights", "weight sharing", "share weights", "shares its weights"),
        "The same weights used in several places, such as at every step of a recurrent network. "
        "Their gradient is the sum over all uses, in which near uses can hide that the far ones have vanished.",
        "d8",
    ),
    Term(
        "residual",
        "Residual connection",
        ("residual", "residual connection", "residual network", "ResNet", "skip connection", "skips", "way past"),
        "A layer that adds to its input instead of replacing it, so that the gradient has a way past it. "
        "$h_{l+1}=h_l+f(h_l)$, and the Jacobian is $1+f'$.",
        "c6",
        "He, Zhang, Ren & Sun 2016",
    ),
    Term(
        "highway",
        "Highway network",
        ("highway", "highway network", "highway layer"),
        "A network in which a gate decides for each unit how much of a layer's input is replaced by its output. "
        "With nearly shut gates at the start, the gradient passes through many layers.",
        "depth",
        "Srivastava, Greff & Schmidhuber 2015",
    ),
    Term(
        "attention",
        "Attention",
        ("attention", "self-attention"),
        "A layer in which each position reads all earlier ones directly, with weights that depend on what stands there. "
        "From the answer to any word it is one step, so that no product of many factors lies between them.",
        "e8",
        "Bahdanau, Cho & Bengio 2015; Vaswani et al. 2017",
    ),
)
