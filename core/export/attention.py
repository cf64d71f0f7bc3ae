"""Self-attention in the scripts that this package writes: what is made once, and from x to h, what is read out, and hs.

The marks are those of ``core.export.snippets``.
"""

MAKE = """\
width = HEADS * HEAD_WIDTH
?!words|embedding = rounded(draw_matrix(stream("embedding"), width, $inputs))


?training|def linear(name, fan_out, fan_in):
?!training|def linear(name, fan_out, fan_in):  # all biases are 0 at first
    weight = rounded(draw_matrix(stream(name), fan_out, fan_in))
?training|    bias = rounded(np.zeros(fan_out))
?training|    return lambda h: F.linear(h, weight, bias)
?!training|    return lambda h: h @ weight.T


?normed|def norm(h):
?normed|    return F.layer_norm(h, [width])
?normed|
?normed|
def part(f, h):
    $block_norm
?residual|    new = h + new
?post|    return norm(new)
?!post|    return new


def make_block(i):
?last|    if i == LAYERS - TRAIN_LAST:
?last|        weights.clear()  # what was made so far stays as it is
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

    return attend, mlp


blocks = [make_block(i) for i in range(LAYERS)]"""

PASS = """\
?words|h = x
?!words|h = x @ embedding.T
wave = torch.arange(x.shape[1])[:, None] / 1e4 ** (torch.arange(0, width, 2).double() / width)
place = torch.stack([wave.sin(), wave.cos()], 2).flatten(1)[:, :width]  # says at which position it is
h = h + place.to(h.dtype)
?!training|hs = [h.requires_grad_()]
?training?hs|hs = [h]
for attend, mlp in blocks:
    h = part(mlp, part(attend, h))
?training?hs|    hs.append(h)
?every_h|every_h = h.transpose(0, 1)
?last_h|h = h[:, -1]"""
