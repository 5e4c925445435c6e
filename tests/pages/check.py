#!/usr/bin/env python3
"""Checks what is handed over with real programs: `tests/pages/check.py`.

Pages in a browser, on screens and on paper; CSV in a spreadsheet. The phones are simulated ones.
tests/setup installs what this needs."""

import argparse
import pathlib
import sys
import tempfile

# Nothing is left in the checkout.
sys.dont_write_bytecode = True

import checks
from material import ROOT, Material

# Each has checks, which run in this order.
import screen
import paper
import table
import board


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--micheck",
        type=pathlib.Path,
        default=ROOT / "target/debug/micheck",
        metavar="PATH",
        help="the program [default: target/debug/micheck]",
    )
    parser.add_argument(
        "--keep",
        type=pathlib.Path,
        metavar="DIR",
        help="draw the pages, and keep the pictures in DIR",
    )
    options = parser.parse_args()
    if not options.micheck.is_file():
        sys.exit(f"{parser.prog}: {options.micheck} is missing: cargo build makes it")

    with tempfile.TemporaryDirectory(prefix="micheck-pages-") as folder:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        bench = checks.Bench(Material(options.micheck, folder), options.keep)
        try:
            passed = checks.run(bench)
        finally:
            bench.close()
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
