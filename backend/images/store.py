"""Pictures of products as files under `<var>/images/<mall>/`, named by what they hold, never changed and never half there.

An original is called by the digest of its bytes; what was drawn from it stands beside it and is called by the original's
digest, the side in pixels and the digest of the recipe, so that its name is known before it is drawn.
"""

import hashlib
import os
import re
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import BinaryIO

from backend.settings import get_settings

PREFIX = "/images/"
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
_DIGEST = 20
_PATH = re.compile(
    rf"{PREFIX}(?P<mall>[a-z0-9][a-z0-9_-]{{0,59}})/"
    rf"(?P<name>(?P<original>[0-9a-f]{{{_DIGEST}}})(?:-\d{{2,5}}-[0-9a-f]{{10}})?\.(?:jpg|png|webp|gif))"
)


def file_of(path: str | None) -> Path | None:
    """The file a path stands for, whether it exists or not; None for a path that is not one of ours."""
    found = _PATH.fullmatch(path or "")
    return _folder(found["mall"]) / found["name"] if found else None


def is_drawn(path: str | None) -> bool:
    """Drawn by us from an original that is kept."""
    found = _PATH.fullmatch(path or "")
    return found is not None and len(found["name"]) > _DIGEST + len(".webp")


def original_of(path: str) -> Path:
    """The file of the original that `path` is drawn from, or is; raises FileNotFoundError."""
    found = _PATH.fullmatch(path)
    if found:
        for suffix in SUFFIXES.values():
            if (file := _folder(found["mall"]) / f"{found['original']}.{suffix}").is_file():
                return file
    raise FileNotFoundError(path)


def keep(mall: str, content: bytes, suffix: str) -> str:
    """Keep an original and return its path; the same bytes are kept once."""
    path = f"{PREFIX}{mall}/{hashlib.sha256(content).hexdigest()[:_DIGEST]}.{suffix}"
    put(path, content)
    return path


def drawn_path(original: str, side: int, recipe: str) -> str:
    """Where the picture drawn from `original` by `recipe` belongs; raises ValueError for a path that is not ours."""
    found = _PATH.fullmatch(original)
    if found is None:
        raise ValueError(f"not a picture of ours: {original}")
    made_by = hashlib.sha256(recipe.encode()).hexdigest()[:10]
    return f"{PREFIX}{found['mall']}/{found['original']}-{side}-{made_by}.jpg"


def ensure(path: str, make: Callable[[], bytes]) -> None:
    """Make and keep the file unless it stands."""
    if not is_kept(path):
        put(path, make())


def is_kept(path: str) -> bool:
    file = file_of(path)
    return file is not None and file.is_file()


def put(path: str, content: bytes) -> None:
    """Write the file unless it stands: beside its place first and renamed, so that it is whole or not there.

    The part has one name and one writer at a time, so that what a killed one left is overwritten and not left for ever.
    """
    file = file_of(path)
    if file is None:
        raise ValueError(f"not a picture of ours: {path}")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    while not file.is_file():
        with part.open("ab") as handle:
            flock(handle, LOCK_EX)  # until the handle is closed, or its process is gone
            if not _is_at(handle, part):  # whoever had it before us named it, or gave it up
                continue
            try:
                handle.truncate(0)
                write(handle, content)
                handle.flush()
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)


def _is_at(handle: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def write(handle: BinaryIO, content: bytes) -> None:
    handle.write(content)


def _folder(mall: str) -> Path:
    return get_settings().var_dir / "images" / mall
