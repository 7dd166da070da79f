"""`python -m ruskor` and the console script."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # The tables are a few hundred thousand objects that stay: to look through them for cycles again and again is a tenth of a short run.
    gc.set_threshold(50_000, 20, 100)
    from ruskor.cli.edge import main as run

    sys.exit(int(run()))


if __name__ == "__main__":
    main()
