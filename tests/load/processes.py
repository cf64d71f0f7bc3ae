"""Processes of this machine as /proc tells of them: who started whom, what they use."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def seconds_below(pid: int) -> float:
    """Processor time that all processes started by ``pid`` have used, that of ended ones included."""
    return sum(seconds(each, ended=True) for each in descendants(pid))


def descendants(pid: int) -> list[int]:
    """The processes that ``pid`` has started, those that they have started, and so on."""
    family, found = parents(), [pid]
    for each in found:
        found += [child for child, parent in family.items() if parent == each]
    return found[1:]


def parents() -> dict[int, int]:
    """Process → the one that started it."""
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdecimal() and (fields := _stat(int(path.name))):
            found[int(path.name)] = int(fields[1])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none if the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def seconds(pid: int, ended: bool = False) -> float:
    """Processor time of a process so far; with ``ended`` that of its ended children, too."""
    fields = _stat(pid)
    return sum(map(int, fields[11 : 15 if ended else 13])) / TICK


def resident(pid: int) -> float:
    """Its memory in MB, what it shares with others included; 0 if it has gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return pages * PAGE / 1e6
