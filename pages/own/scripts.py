"""The scripts that attach a recorder to a training: whole, as they run, and what of them is about the recorder."""

from pathlib import Path

from core.registry import Named, registry

LOOPS = registry(
    Named("loop", "A plain loop", "Three lines around the loop that you have."),
    Named("callback", "A callback (Lightning)", "With Lightning's hooks; nothing to install."),
    Named("hugging_face", "Hugging Face Trainer", "A callback for the Trainer of transformers."),
    Named("lstm", "nn.LSTM", "The signal at each time step of a recurrent layer."),
)
_SNIPPETS = Path(__file__).parent / "snippets"


def script(loop: str, every: int) -> str:
    """Returns a script that runs as it is, recording every so many steps."""
    text = (_SNIPPETS / f"{loop}.py").read_text(encoding="utf-8")
    return text.replace("every=10", f"every={every}").replace("every: int = 10", f"every: int = {every}")


def excerpt(whole: str) -> str:
    """Cuts out what is about the recorder: from where it is made to where it saves, or the class that does both."""
    begin, end = ("\nclass Record", "\n\n\n") if "\nclass Record" in whole else ("\nwith core.", "\n\n")
    imports = [line for line in whole.splitlines() if line.startswith(("import core", "from transformers"))]
    return "\n".join([*imports, begin]) + whole.partition(begin)[2].partition(end)[0]
