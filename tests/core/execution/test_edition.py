"""The edition: whatever decides a result's bits besides its arguments is in it."""

from pathlib import Path

from core.execution.edition import edition


def test_the_edition_follows_the_code(tmp_path: Path) -> None:
    """Equal files make the same, wherever they are; another word or another name makes another."""
    folders = {"as it is": "a.py", "elsewhere": "a.py", "renamed": "b.py", "changed": "a.py", "data": "a.toml"}
    for folder, name in folders.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("x = 2" if folder == "changed" else "x = 1")
    first, elsewhere, *others = (edition(tmp_path / folder) for folder in folders)
    assert first == elsewhere
    assert len({first, *others}) == 4


def test_any_change_makes_another(tmp_path: Path) -> None:
    """Of any file, and any new one."""
    editions = []
    for name, text in (("a.py", "1"), ("a.py", "2"), ("b/c.py", "1"), ("b/c.py", ""), ("a.py", "1")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        editions.append(edition.__wrapped__(tmp_path))
    assert len(set(editions)) == 5
