"""What decides a result's bits besides its arguments: the code, its data, and the versions that it runs with."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def edition(folder: Path = Path(__file__).parents[1]) -> str:
    """Digests the code and the data in the folder, and the versions of Python, NumPy and torch."""
    versions = platform.python_version_tuple()[:2], *map(version, ("numpy", "torch"))
    digest = hashlib.sha256(repr(versions).encode())
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".toml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
