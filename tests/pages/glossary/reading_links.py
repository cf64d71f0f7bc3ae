"""What texts are linked to: the other direction of pages/glossary/linking.py."""

import re

LINK = re.compile(r'\[([^\[\]]*)\]\(glossary\?term=([a-z0-9-]+) "[^"]*"\)')


def unlinked(text: str) -> str:
    """The text without its links to the glossary."""
    return LINK.sub(r"\1", text)


def links(text: str) -> list[tuple[str, str]]:
    """What is linked, and to which term."""
    return LINK.findall(text)
