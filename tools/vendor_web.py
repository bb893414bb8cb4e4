"""Puts the browser libraries we serve into `backend/web/static/vendor`, taken from npm and checked byte for byte.

`python tools/vendor_web.py` fetches what is missing or different; with `--check` it only compares and needs no network.
"""

import argparse
import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "backend" / "web" / "static" / "vendor"


@dataclass(frozen=True)
class Library:
    """`integrity` is npm's own SHA-512 of the package; `sha256` that of the one file we serve."""

    package: str
    version: str
    integrity: str
    member: str
    file: str
    sha256: str


LIBRARIES = (
    Library(
        package="htmx.org",
        version="2.0.11",
        integrity="sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        member="package/dist/htmx.min.js",
        file="htmx.min.js",
        sha256="d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    ),
)


def intact(library: Library) -> bool:
    path = VENDOR / library.file
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == library.sha256


def fetch(library: Library) -> None:
    """Raises SystemExit when npm is absent or what it brings is not what was pinned."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{library.package}@{library.version}"
        try:
            subprocess.run(
                ["npm", "pack", wanted, "--silent", "--pack-destination", folder], check=True, stdout=subprocess.DEVNULL
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"npm could not fetch {wanted}: {error}") from error
        packed = next(Path(folder).glob("*.tgz"))
        digest = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != library.integrity:
            raise SystemExit(f"{wanted} is not the package that was pinned: {digest}")
        with tarfile.open(packed) as archive:
            member = archive.extractfile(library.member)
            content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != library.sha256:
        raise SystemExit(f"{library.member} of {wanted} is not the file that was pinned")
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / library.file).write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; fail when a file differs")
    only_check = parser.parse_args().check
    for library in LIBRARIES:
        if intact(library):
            continue
        if only_check:
            raise SystemExit(f"{library.file} is missing or was changed; run tools/vendor_web.py")
        fetch(library)
        sys.stdout.write(f"{library.file} {library.version}\n")


if __name__ == "__main__":
    main()
