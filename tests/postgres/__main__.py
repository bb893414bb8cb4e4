"""`python -m tests.postgres [what pytest takes]`: the tests of the backend on a PostgreSQL server started for them alone."""

import os
import signal
import subprocess
import sys

from tests.postgres.cluster import NoPostgres, cluster

FOLDERS = ("tests/backend", "tests/contract", "tests/simulation")
PATIENCE = "--timeout=600"  # seconds a test: planting the demo shops crosses the socket for every statement
SHOPS = "40"  # the month of 80 has its turn on SQLite; here the same code meets another database


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster() as server:
            env = {"OPSTALK_SIMULATED_SHOPS": SHOPS, **os.environ, "OPSTALK_DATABASE_URL": server}
            chosen = arguments or ["-n", "2", "--dist", "loadgroup", *FOLDERS]
            return subprocess.run([sys.executable, "-m", "pytest", PATIENCE, *chosen], env=env).returncode
    except NoPostgres as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
