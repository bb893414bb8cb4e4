"""Fills the database with the demo shops; a database that has them already is left alone.

`python -m backend.cli.seed [--size small|large] [--reset]`
"""

import argparse
import time

from backend import features
from backend.db.engine import get_engine
from backend.db.schema import migrate
from backend.seed.description import SIZES
from backend.seed.sow import sow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="small", help="large is for benchmarks")
    parser.add_argument("--reset", action="store_true", help="empty the database first")
    options = parser.parse_args()
    began = time.monotonic()
    features.load()
    migrate()
    done = sow(get_engine(), options.size, reset=options.reset)
    took = time.monotonic() - began
    print(f"The demo shops are ready ({options.size}, {took:.1f} s)." if done else "The demo shops are there already.")


if __name__ == "__main__":
    main()
