"""What a recording holds of each layer, and which diagnosis each quantity supports."""

from ..registry import Named, registry

KINDS = registry(
    Named(
        "output",
        "‖∂L/∂h‖, at the layer's output",
        "How much of the loss's signal arrives here: a steady fall towards the input is vanishing, a steady rise exploding.",
    ),
    Named(
        "input",
        "‖∂L/∂x_t‖, at a recurrent layer's input",
        "How much of the signal arrives at each time step: where it is gone, the layer cannot learn from that step.",
    ),
    Named(
        "state",
        "‖∂L/∂h_t‖, at a recurrent layer's state",
        "The signal on its way back through time: its slope is the rate of vanishing or exploding per step.",
    ),
    Named(
        "gradient",
        "‖∂L/∂W‖, as the backward pass left it",
        "What the weights are told before anything is clipped; it can look healthy where little of the signal arrives.",
    ),
    Named(
        "seen",
        "‖∂L/∂W‖, as the optimiser saw it",
        "Far below the line before it: clipping does the work, and the learning rate is not what you think it is.",
    ),
    Named(
        "update",
        "‖ΔW‖, what the optimiser did",
        "Over ‖W‖ about 10⁻³ is usual: far less is a frozen layer, far more a layer that is thrown about.",
    ),
    Named(
        "weight",
        "‖W‖, before the update",
        "The measure for the update; steady growth announces an overflow.",
    ),
)
ORDER = tuple(KINDS)  # a kind's number in the rows of a recording
OF_WEIGHTS = ("gradient", "seen", "update", "weight")
