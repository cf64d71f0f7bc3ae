"""The tasks' texts in the scripts that this package writes.

``LEXICONS``: what all batches share, the vocabulary first of all. ``TASKS``: from rng to target and x, or to target and
sentences. The marks are those of ``core.export.snippets``.
"""

_DRAW_GAP = """\
?mixed|gap = int(rng.integers(1, GAP + 1)) if training else GAP  # the same in all sentences of a batch"""

_DRAW_FILLERS = """\
fillers = rng.integers(len(FILLERS), size=($size, $gap))
fillers[0] = np.arange($gap) % len(FILLERS)  # in their natural order in the sentence that is shown"""

_WAS_WERE = f"""\
{_DRAW_GAP}
target = rng.integers(2, size=$size)
nouns = rng.integers(len(SINGULAR), size=$size)
target[0], nouns[0] = 1, 0  # the first sentence is about cats
{_DRAW_FILLERS}
?attractors|nouns_in_gap = min(ATTRACTORS, $gap)
?attractors|places = [(2 * i + 1) * $gap // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
sentences = []
for answer, noun, row in zip(target, nouns, fillers):
    between = [FILLERS[i] for i in row]
?attractors|    for i, place in enumerate(places):  # nouns that may mislead; the first sentence has fixed ones
?attractors|        other = NOUNS[rng.integers(2)][rng.integers(len(SINGULAR))]
?attractors|        between[place] = other if sentences else NOUNS[i % 2][(i + 1) % len(SINGULAR)]
    sentences.append(["the", NOUNS[answer][noun], "which", ["was", "were"][answer], *between, ","])"""

_NOUNS = """\
NOUNS = [SINGULAR, PLURAL]
vocabulary = dict.fromkeys(  # each word once
    ["the", "which", "was", "were", ",", *SINGULAR, *PLURAL, *FILLERS]
)"""

LEXICONS = {
    "france": """\
vocabulary = dict.fromkeys(["I", "went", "to", "speak", *COUNTRIES, *FILLERS])  # each word once""",
    "waswere": _NOUNS,
    "roles": f"""\
{_NOUNS}
french = dict(pair.split("/") for pair in FRENCH)
translated = {{word: french.get(word, word) for word in vocabulary}}
answers = {{word: i for i, word in enumerate(dict.fromkeys(["was", "were", *translated.values()]))}}""",
    "order": 'vocabulary = "abcdXY"',
    "copy": 'vocabulary = "ABCDEFGH.?"',
    "parity": 'vocabulary = "01"',
    "blobs": "centres = np.random.default_rng([SEED, 101]).standard_normal((ANSWERS, INPUTS))",
}

TASKS = {
    "france": f"""\
{_DRAW_GAP}
target = rng.integers(ANSWERS, size=$size)
target[0] = 0  # the first sentence is about France
{_DRAW_FILLERS}
sentences = [
    ["I", "went", "to", COUNTRIES[answer], *(FILLERS[i] for i in row), "I", "speak"]
    for answer, row in zip(target, fillers)
]""",
    "waswere": _WAS_WERE,
    "roles": f"""\
{_WAS_WERE}
verbs = target
target = np.array([[answers[translated[word]] for word in sentence] for sentence in sentences])
target[:, 2] = target[:, -1] = verbs  # after "which" and at the end""",
    "adding": """\
values = rng.random(($size, LENGTH))
first = rng.integers(LENGTH // 2, size=$size)
second = rng.integers(LENGTH // 2, LENGTH, size=$size)
first[0] = 0
marks, rows = np.zeros_like(values), np.arange($size)
marks[rows, first] = marks[rows, second] = 1
target = values[rows, first] + values[rows, second]
x = torch.from_numpy(np.stack([values, marks], axis=2))
?!training|sentences = [[f"{value:.1f}" + "*" * int(mark) for value, mark in zip(values[0], marks[0])]]  # to be shown""",
    "order": """\
symbols = rng.integers(4, size=($size, LENGTH))
first, after_first, second, after_second = (LENGTH * tenths // 10 for tenths in (1, 2, 5, 6))
at_first = rng.integers(first, max(after_first, first + 1), size=$size)
at_second = rng.integers(second, max(after_second, second + 1), size=$size)
at_first[0] = first
target, rows = rng.integers(4, size=$size), np.arange($size)
symbols[rows, at_first], symbols[rows, at_second] = 4 + target // 2, 4 + target % 2
sentences = [[vocabulary[i] for i in row] for row in symbols]""",
    "latch": """\
target = rng.integers(2, size=$size)
values = NOISE * rng.standard_normal(($size, LENGTH, 1))
values[:, 0, 0] = 2 * target - 1
x = torch.from_numpy(values)
?!training|sentences = [[f"{value:+z.1f}".replace("-", "−") for value in values[0, :, 0]]]  # to be shown""",
    "copy": """\
heard = rng.integers(8, size=($size, SYMBOLS))
sentences = [[*(vocabulary[i] for i in row), *"." * PAUSE, *"?" * SYMBOLS] for row in heard]
target = np.full(($size, 2 * SYMBOLS + PAUSE), -1)
target[:, -SYMBOLS:] = heard  # at the question marks""",
    "parity": """\
bits = rng.integers(2, size=($size, LENGTH))
target = bits.sum(1) % 2
sentences = [[str(bit) for bit in row] for row in bits]""",
    "noise": """\
x = torch.from_numpy(rng.standard_normal(($size, LENGTH, INPUTS)))
target = rng.integers(ANSWERS, size=$size)  # has nothing to do with x""",
    "blobs": """\
?training|fixed = np.random.default_rng([SEED, 102])  # draws the POINTS points to train on, the same at each step
?training|count, own = (POINTS, fixed) if training else (size, rng)
?training|target = own.integers(ANSWERS, size=count)
?training|points = centres[target] + SPREAD * own.standard_normal((count, INPUTS))
?training|if training:
?training|    chosen = rng.integers(POINTS, size=size)
?training|    points, target = points[chosen], target[chosen]
?training|x = torch.from_numpy(points)
?!training|target = rng.integers(ANSWERS, size=BATCH)
?!training|x = torch.from_numpy(centres[target] + SPREAD * rng.standard_normal((BATCH, INPUTS)))""",
}
