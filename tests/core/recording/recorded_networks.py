"""Networks that nobody here wrote (but for the residual one), small, with a batch for each: what the recorder is tried on."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

WORDS, CLASSES = 50, 10
Step = Callable[[], Tensor]  # runs the network forwards and returns the loss


class Residual(nn.Module):
    """Two 3×3 convolutions with BatchNorm around which the input is added; ReLU in place, as in the usual ResNet."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → the same."""
        return self.relu(x + self.norm2(self.conv2(self.relu(self.norm1(self.conv1(x))))))


class ResNet(nn.Module):
    """A stem, 27 blocks, a read-out: 55 convolutions."""

    def __init__(self, channels: int = 16, blocks: int = 27) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 3, padding=1)
        self.body = nn.Sequential(*[Residual(channels) for _ in range(blocks)])
        self.head = nn.Linear(channels, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) → logits (B, classes)."""
        return self.head(self.body(self.stem(x)).mean((-2, -1)))


class Translator(nn.Module):
    """torch's own Transformer with an embedding and a read-out."""

    def __init__(self, width: int = 64, layers: int = 4) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, width)
        self.transformer = nn.Transformer(width, 4, layers, layers, 4 * width, batch_first=True)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, words: Tensor) -> Tensor:
        """(B, T) → logits (B, classes)."""
        vectors = self.embedding(words)
        return self.head(self.transformer(vectors, vectors)).mean(1)


class Reader(nn.Module):
    """A recurrent layer of torch's between an embedding and a read-out of its last state."""

    def __init__(self, cell: type[nn.RNNBase] = nn.LSTM, hidden: int = 64, **options: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 32)
        self.recurrent = cell(32, hidden, **({"batch_first": True} | options))
        self.head = nn.Linear(hidden, CLASSES)

    def forward(self, words: Tensor) -> Tensor:
        """(B, T) → logits (B, classes)."""
        states, _ = self.recurrent(self.embedding(words if self.recurrent.batch_first else words.T))
        return self.head(states[:, -1] if self.recurrent.batch_first else states[-1])


def gpt2(layers: int = 6) -> nn.Module:
    """A GPT-2 from its configuration, with random weights; the embedding and the read-out are one tensor."""
    sizes = {"vocab_size": WORDS, "n_positions": 64, "n_embd": 64, "n_layer": layers, "n_head": 4}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0))
    model.loss_type = "ForCausalLM"  # what it falls back to anyway, with a message
    return model


def llama(layers: int = 4) -> nn.Module:
    """A Llama: another family, with normalisation by root mean square and rotary positions."""
    sizes = {"vocab_size": WORDS, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": layers}
    return LlamaForCausalLM(LlamaConfig(**sizes, num_attention_heads=4, pad_token_id=0))


def made(name: str, batch: int = 4, steps: int = 12, side: int = 8) -> tuple[nn.Module, Step]:
    """A network by name, always the same, and the function that computes its loss on one batch of random data."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return _drawn(name, batch, steps, side)


def _drawn(name: str, batch: int, steps: int, side: int) -> tuple[nn.Module, Step]:
    words = torch.randint(0, WORDS, (batch, steps))
    classes = torch.randint(0, CLASSES, (batch,))
    if name in ("gpt2", "llama"):
        model = gpt2() if name == "gpt2" else llama()
        return model, lambda: model(input_ids=words, labels=words).loss
    if name == "resnet":
        net, images = ResNet(), torch.randn(batch, 3, side, side)
        return net, lambda: cross_entropy(net(images.to(net.head.weight.dtype)), classes)
    reader = Translator() if name == "transformer" else Reader({"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[name])
    return reader, lambda: cross_entropy(reader(words), classes)
