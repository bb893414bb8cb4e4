"""A PostgreSQL server of one's own, in a temporary folder, reached by a socket in it and gone with the command that started it."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MISSING = (
    "PostgreSQL is not installed here (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql)."
)
USER = "opstalk"
# nothing of it has to outlive a power cut, and a deadlock shall be found at once
SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "200", "deadlock_timeout": "200ms", "shared_buffers": "128MB",
}  # fmt: skip
START_WITHIN = 60.0  # seconds
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class NoPostgres(Exception):
    """Its text says what to install, or the last lines of what went wrong."""


def programs() -> Path:
    """The folder of `initdb` and `postgres`: the newest that Debian keeps, else the one on the path."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda found: float(found.parts[-3]), default=None)
    found = newest or (Path(on_path) if (on_path := shutil.which("initdb")) else None)
    if found is None:
        raise NoPostgres(MISSING)
    return found.parent


@contextmanager
def cluster() -> Iterator[str]:
    """The address of its first database, for SQLAlchemy; the server refuses root, so that root lends it another user."""
    bin_dir, account = programs(), _account()
    as_them = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    folder = Path(tempfile.mkdtemp(prefix="opstalk-pg-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data, log = folder / "data", folder / "log"
        made = subprocess.run(
            [bin_dir / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            **as_them, cwd=folder, env=_env(), capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [bin_dir / "postgres", "-D", data, "-k", folder, *options],
                **as_them, cwd=folder, env=_env(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        try:
            _wait(server, folder, log)
            yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
        finally:
            with suppress(ProcessLookupError):
                server.send_signal(signal.SIGINT)  # closes what is open, waits for nobody
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """None: as who we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _env() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _wait(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_WITHIN
    while True:
        try:
            psycopg.connect(f"host={folder} user={USER} dbname=postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"the server does not start: {error}\n{log.read_text(errors='replace')}") from error
            time.sleep(0.1)


def _end_with_parent() -> None:
    # a command that is killed outright cannot clean up; the kernel then does
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
