"""`python -m ruskor` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from ruskor.cli.edge import main as run

    sys.exit(int(run()))


if __name__ == "__main__":
    main()
