"""Fills the database with the demo shops; a database that has them already is left alone.

`python -m backend.cli.seed [--size small|large] [--reset]`
"""

import argparse
import time

from backend.db.engine import unit_of_work
from backend.db.schema import migrate
from backend.seed.description import SIZES
from backend.seed.staff import is_planted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="small", help="large is for benchmarks")
    parser.add_argument("--reset", action="store_true", help="empty the database first")
    options = parser.parse_args()
    began = time.monotonic()
    done = migrate_and_plant(options.size, reset=options.reset)
    took = time.monotonic() - began
    print(f"The demo shops are ready ({options.size}, {took:.1f} s)." if done else "The demo shops are there already.")


def migrate_and_plant(size: str = "small", *, reset: bool = False) -> bool:
    """The newest schema and the demo shops in the configured database; True when they had to be planted."""
    migrate()
    with unit_of_work(write=False) as session:
        if is_planted(session) and not reset:
            return False
    # only now: the whole product is needed to replay a shop's weeks, and takes seconds to load
    from backend import features
    from backend.seed.sow import sow

    features.load()
    return sow(size, reset=reset)


if __name__ == "__main__":
    main()
