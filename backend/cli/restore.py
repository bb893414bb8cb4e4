"""Puts back the orders and statistics that a reset took away, out of its file in var/backups.

`python -m backend.cli.restore FILE [--check]`; with --check the file is only read to its end.
"""

import argparse
import sys
from pathlib import Path

from backend.db.engine import unit_of_work
from backend.db.schema import migrate
from backend.errors import OpsTalkError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="read the file to its end and change nothing")
    options = parser.parse_args(arguments)
    from backend import features
    from backend.inventory_settings import backup
    from backend.inventory_settings.restore import restore

    features.load()
    path = options.file if options.file.exists() else backup.folder() / options.file.name
    try:
        if options.check:
            counts = backup.verified(path).counts
            print(f"{path.name} is whole: {_said(counts)}.")
            return 0
        migrate()
        with unit_of_work() as session:
            done = restore(session, path)
    except OpsTalkError as error:
        print(f"{path.name}: {error.error_code} ({error.detail}).", file=sys.stderr)
        return 1
    print(f"Put back from {path.name}: {_said(done.counts)}.")
    if done.here_again:
        print(f"Came in again meanwhile and left as they are: {', '.join(done.here_again)}.")
    return 0


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {table.replace('_', ' ')}" for table, number in counts.items())


if __name__ == "__main__":
    sys.exit(main())
