"""Recurrent networks in the scripts that this package writes: what is made once, and from x to h, what is read out, and hs.

The marks are those of ``core.export.snippets``.
"""

MAKE = """\
?recurrent_norm|def norm(z):  # mean 0 and variance 1 in each gate of each example
?recurrent_norm|    return F.layer_norm(z.unflatten(1, (-1, HIDDEN)), [HIDDEN]).flatten(1)
?recurrent_norm|
?recurrent_norm|
?matrix?!untied|def draw_gate(layer, gate):
?matrix?!untied|    return draw_matrix(stream(f"layer {layer} gate {gate}"), HIDDEN, HIDDEN)
?matrix?untied|def draw_gate(layer, gate):
?matrix?untied|    rng = stream(f"layer {layer} gate {gate} untied")
?matrix?untied|    return np.stack([draw_matrix(rng, HIDDEN, HIDDEN) for _ in range($steps)])  # one for each step
?matrix|
?matrix|
?noisy|def draw_noise(generator, steps, size):
?noisy|    # $dropout_lesson
?noisy|    $dropout_draw
?noisy|
?noisy|
def make_cell(layer, inputs):
    # $cell_lesson
?last|    if layer == LAYERS - TRAIN_LAST:
?last|        weights.clear()  # what was made so far stays as it is
    bound = 1 / np.sqrt(HIDDEN)
    rng = stream(f"layer {layer}")
    weight_ih = rounded(rng.uniform(-bound, bound, ($rows, inputs)))
    bias = rng.uniform(-bound, bound, (2, $rows))
?forget|    bias.reshape(2, GATES, HIDDEN)[:, $forget] = [[FORGET_BIAS], [0]]  # the forget gate's
?chrono|    memory = stream(f"layer {layer} chrono").uniform(1, max(1, CHRONO - 1), HIDDEN)  # steps, of each unit
    $chrono
?matrix|    bias_ih, bias_hh = rounded(bias[0]), rounded(bias[1])
?!matrix|    bias_ih = rounded(bias[0])
?matrix?!gates|    weight_hh = rounded(draw_gate(layer, 0))
?matrix?gates|    weight_hh = rounded(np.concatenate([draw_gate(layer, gate) for gate in range(GATES)], axis=-2))
?!written|    cell = $torch_cell
?!written|    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
?!written|    cell.load_state_dict(dict(zip(names, (weight_ih, weight_hh, bias_ih, bias_hh))))
?written|    $constants
?written?!training|    $constants_ready
?written|
?written|    def cell($arguments):
?written?training|        $constants_ready
?written?!recurrent_norm|        from_x = x @ weight_ih.T + bias_ih
?written?recurrent_norm|        from_x = norm(x @ weight_ih.T) + bias_ih
?written?noisy|        $dropout
?written?noisy?recurrent_norm|        from_h = norm(from_h)
?written?noisy|        from_h = from_h + bias_hh
?written?matrix?!noisy?!recurrent_norm|        from_h = h @ $weight_hh.T + bias_hh
?written?matrix?!noisy?recurrent_norm|        from_h = norm(h @ $weight_hh.T) + bias_hh
?written|        $cell
?written|        return $state
?written|
    return cell


?!stacked|cell = make_cell(0, $inputs)
?stacked|cells = [make_cell(layer, $width if layer else $inputs) for layer in range(LAYERS)]"""

PASS = """\
?noisy?!stacked|noise = draw_noise(generator, x.shape[1], len(x)) if generator else [None] * x.shape[1]
?noisy?stacked|noise = [
?noisy?stacked|    draw_noise(generator, x.shape[1], len(x)) if generator else [None] * x.shape[1] for _ in cells
?noisy?stacked|]
?cut|cuts = range(x.shape[1] - TRUNCATE, 0, -TRUNCATE)  # in front of these steps the gradient's way ends
?!stacked|$state_names = $zeros
?stacked|h = [$zero] * LAYERS
?stacked?memory|c = [$zero] * LAYERS
?hs|hs = []
for t in range(x.shape[1]):
?cut|    if t in cuts:
?cut?!stacked|        $state_names = $detached
?cut?stacked|        h = [each.detach() for each in h]
?cut?stacked?memory|        c = [each.detach() for each in c]
?!stacked|    $state = $call
?!stacked?hs|    hs.append(h)
?stacked|    up = x[:, t]
?stacked|    for layer, cell in enumerate(cells):
?stacked?!memory|        up = $call
?stacked?memory|        up, c[layer] = $call
?stacked|        h[layer] = up
?stacked?hs|        hs.append(up)
?stacked?last_h|h = h[-1]"""
