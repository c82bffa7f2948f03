"""`make bench`: every benchmark, or those named; each line is a ratio or a count measured in this run, beside its bar."""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = (
    "queue_page", "lookups", "known_errors", "breach_check", "writers", "import_log", "import_scan", "conflicts",
    "dependencies", "samples", "terminal", "attribution", "availability",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Run benchmarks by name and print their lines; return 1 if a bar is broken."""
    broken = 0
    for name in names or BENCHMARKS:
        for line in importlib.import_module(f"tests.bench.{name}").run():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            broken += not line.holds
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
