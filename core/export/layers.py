"""Networks of layers in the scripts that this package writes: what is made once, and from x to h, what is read out, and hs.

The marks are those of ``core.export.snippets``.
"""

MAKE = """\
?cnn|KERNEL = 2 * REACH + 1
?cnn|ring = torch.arange(-REACH, INPUTS + REACH) % INPUTS  # once round, and REACH places more at both ends


def make_layer(name, inputs, bias):
?!cnn|    weight = draw_matrix(stream(name), WIDTH, inputs)
?cnn|    matrix = draw_matrix(stream(name), WIDTH, inputs * KERNEL).reshape(WIDTH, KERNEL, inputs)
?cnn|    middle_first = sorted(range(KERNEL), key=lambda place: abs(place - REACH))
?cnn|    weight = np.empty((WIDTH, inputs, KERNEL))
?cnn|    weight[:, :, middle_first] = matrix.swapaxes(1, 2)
?!training?!cnn|    layer = torch.nn.Linear(inputs, WIDTH)
?!training?cnn|    layer = torch.nn.Conv1d(inputs, WIDTH, KERNEL)
?!training|    layer.load_state_dict({"weight": rounded(weight), "bias": rounded(bias)})
?!training|    return layer
?training|    weight, bias = rounded(weight), rounded(bias)
?training?!cnn|    return lambda h: F.linear(h, weight, bias)
?training?cnn|    return lambda h: F.conv1d(h, weight, bias)


layers = []
?highway|gates = []
for i in range(DEPTH):
?last|    if i == DEPTH - TRAIN_LAST:
?last|        weights.clear()  # what was made so far stays as it is
?bias_std|    bias = BIAS_STD * stream(f"hidden.{i}.bias").standard_normal(WIDTH)
?!bias_std|    bias = np.zeros(WIDTH)
    inputs = WIDTH if i else $inputs
    layers.append(make_layer(f"hidden.{i}", inputs, bias))
?highway|    bias = np.full(WIDTH, GATE_BIAS)
?highway|    gates.append(make_layer(f"gate.{i}", inputs, bias) if inputs == WIDTH else None)"""

PASS = """\
# $activation_lesson
?!cnn|h = x
?cnn|h = x[:, None]  # one channel
?hs|hs = []
?!highway|for layer in layers:
?highway|for layer, gate in zip(layers, gates):
?!cnn|    z = layer(h)
?cnn|    z = layer(h[:, :, ring])
    $normalisation
    $skip
?hs|    hs.append(h)
?cnn?pooled|h = h.mean(2)
?cnn?!pooled|h = h.flatten(1)"""
