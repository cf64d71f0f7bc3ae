"""The networks' texts in the scripts that ``core.export`` writes: from x to h, what is read out, and hs, all the h on the way.

The marks are those of ``core.export_snippets``.
"""

_MAKE_LAYER = """\
def make_layer(name, inputs, bias):
    layer = $layer
?!cnn|    weight = draw_matrix(stream(name), WIDTH, inputs)
?cnn|    matrix = draw_matrix(stream(name), WIDTH, inputs * KERNEL).reshape(WIDTH, KERNEL, inputs)
?cnn|    middle_first = sorted(range(KERNEL), key=lambda place: abs(place - REACH))
?cnn|    weight = np.empty((WIDTH, inputs, KERNEL))
?cnn|    weight[:, :, middle_first] = matrix.swapaxes(1, 2)
    layer.load_state_dict({"weight": rounded(weight), "bias": rounded(bias)})
    return layer
"""

_LAYERS = f"""\
?cnn|KERNEL = 2 * REACH + 1
?cnn|places = x.shape[1]
?cnn|ring = torch.arange(-REACH, places + REACH) % places  # once round, and REACH places more at both ends


{_MAKE_LAYER}

# $activation_lesson
?!cnn|h, hs = x, []
?cnn|h, hs = x[:, None], []  # one channel
for i in range(DEPTH):
?bias_std|    bias = BIAS_STD * stream(f"hidden.{{i}}.bias").standard_normal(WIDTH)
?!bias_std|    bias = np.zeros(WIDTH)
?!cnn|    z = make_layer(f"hidden.{{i}}", h.shape[1], bias)(h)
?cnn|    z = make_layer(f"hidden.{{i}}", h.shape[1], bias)(h[:, :, ring])
    $normalisation
    $skip
    hs.append(h)
?cnn?pooled|h = h.mean(2)
?cnn?!pooled|h = h.flatten(1)"""

_RECURRENT = """\
?recurrent_norm|def norm(z):  # mean 0 and variance 1 in each gate of each example
?recurrent_norm|    return F.layer_norm(z.unflatten(1, (-1, HIDDEN)), [HIDDEN]).flatten(1)
?recurrent_norm|
?recurrent_norm|
?matrix?!untied|def draw_gate(layer, gate):
?matrix?!untied|    return draw_matrix(stream(f"layer {layer} gate {gate}"), HIDDEN, HIDDEN)
?matrix?untied|def draw_gate(layer, gate):
?matrix?untied|    rng = stream(f"layer {layer} gate {gate} untied")
?matrix?untied|    return np.stack([draw_matrix(rng, HIDDEN, HIDDEN) for _ in range(x.shape[1])])  # one for each step
?matrix|
?matrix|
def make_cell(layer, inputs):
    # $cell_lesson
    bound = 1 / np.sqrt(HIDDEN)
    rng = stream(f"layer {layer}")
    weight_ih = rounded(rng.uniform(-bound, bound, ($rows, inputs)))
    bias = rng.uniform(-bound, bound, (2, $rows))
?forget|    bias.reshape(2, GATES, HIDDEN)[:, $forget] = [[FORGET_BIAS], [0]]  # the forget gate's
?chrono|    memory = stream(f"layer {layer} chrono").uniform(1, max(1, CHRONO - 1), HIDDEN)  # steps, of each unit
    $chrono
?matrix|    bias_ih, bias_hh = rounded(bias)
?!matrix|    bias_ih = rounded(bias[0])
?matrix?!gates|    weight_hh = rounded(draw_gate(layer, 0))
?matrix?gates|    weight_hh = rounded(np.concatenate([draw_gate(layer, gate) for gate in range(GATES)], axis=-2))
?!written|    cell = $torch_cell
?!written|    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
?!written|    cell.load_state_dict(dict(zip(names, (weight_ih, weight_hh, bias_ih, bias_hh))))
?written|    $constants
?written|
?written|    def cell($arguments):
?written?!recurrent_norm|        from_x = x @ weight_ih.T + bias_ih
?written?recurrent_norm|        from_x = norm(x @ weight_ih.T) + bias_ih
?written?matrix?!recurrent_norm|        from_h = h @ $weight_hh.T + bias_hh
?written?matrix?recurrent_norm|        from_h = norm(h @ $weight_hh.T) + bias_hh
?written|        $cell
?written|        return $state
?written|
    return cell


?!stacked|cell = make_cell(0, inputs=x.shape[2])
?!stacked|$state_names = $zeros
?!stacked|hs = []
?!stacked|for t in range(x.shape[1]):
?!stacked|    $state = $call
?!stacked|    hs.append(h)
?stacked|cells = [make_cell(layer, inputs=$width if layer else x.shape[2]) for layer in range(LAYERS)]
?stacked|h = [$zero] * LAYERS
?stacked?memory|c = [$zero] * LAYERS
?stacked|hs = []
?stacked|for t in range(x.shape[1]):
?stacked|    up = x[:, t]
?stacked|    for layer, cell in enumerate(cells):
?stacked?!memory|        up = $call
?stacked?memory|        up, c[layer] = $call
?stacked|        h[layer] = up
?stacked|        hs.append(up)
?stacked|h = h[-1]"""

_ATTENTION = """\
width = HEADS * HEAD_WIDTH
?words|h = x
?!words|h = x @ rounded(draw_matrix(stream("embedding"), width, x.shape[2])).T
wave = torch.arange(x.shape[1])[:, None] / 1e4 ** (torch.arange(0, width, 2) / width)
h = h + torch.stack([wave.sin(), wave.cos()], 2).flatten(1)[:, :width]  # says at which position it is
hs = [h.requires_grad_()]


def linear(name, fan_out, fan_in):  # all biases are 0 at first
    weight = rounded(draw_matrix(stream(name), fan_out, fan_in))
    return lambda h: h @ weight.T


?normed|def norm(h):
?normed|    return F.layer_norm(h, [width])
?normed|
?normed|
def part(f, h):
    $block_norm
?residual|    new = h + new
?post|    return norm(new)
?!post|    return new


for i in range(LAYERS):
    q, k, v, out = (linear(f"layers.{i} {name}", width, width) for name in ("q", "k", "v", "out"))
    widen = linear(f"layers.{i} linear1", 2 * width, width)
    narrow = linear(f"layers.{i} linear2", width, 2 * width)

    def attend(h):
        heads = (f(h).unflatten(2, (HEADS, HEAD_WIDTH)).transpose(1, 2) for f in (q, k, v))
        return out(F.scaled_dot_product_attention(*heads, is_causal=True).transpose(1, 2).flatten(2))

    def mlp(h):
        z = widen(h)
        # $activation_lesson
        return narrow($activation)

    h = part(mlp, part(attend, h))
every_h = h.transpose(0, 1)
h = every_h[-1]"""

NETWORKS = {"rnn": _RECURRENT, "mlp": _LAYERS, "cnn": _LAYERS, "attention": _ATTENTION}
