"""``python -m tests.load [scenario …]``: runs the scenarios, prints a row for each result; 1 if anything went wrong."""

import asyncio
import os
import sys
import time

from tests.load.report import scale
from tests.load.scenarios import SCENARIOS


def main(names: list[str]) -> int:
    """Runs the named scenarios, or all."""
    if unknown := set(names) - set(SCENARIOS):
        print(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
        return 2
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.2f}, scale {scale():g}")
    wrong = False
    for name in names or SCENARIOS:
        began = time.perf_counter()
        for result in asyncio.run(SCENARIOS[name](scale())):
            print(result, flush=True)
            wrong |= bool(result.errors)
        print(f"  [{name}: {time.perf_counter() - began:.0f} s]", flush=True)
    return int(wrong)


if __name__ == "__main__":  # the worker processes of the comparison import this file as well
    sys.exit(main(sys.argv[1:]))
