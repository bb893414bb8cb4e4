"""The file that holds what a reset takes away: JSON lines, the first says what it is, the last the checksum of all before.

It holds what buyers told the shop, so only the product's own user may read it.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.registry import from_json
from backend.errors import Conflict
from backend.inventory_settings.reset_tables import BY_NAME, EMPTIED, Emptied
from backend.settings import get_settings

FORMAT = 1
ROWS_AT_ONCE = 2_000


class BackupUnreadable(Conflict):
    """The file is not whole, not ours, or not what was written."""

    code = "backup_unreadable"


@dataclass(frozen=True)
class Header:
    shop_id: str
    mall_id: str
    reset_id: str
    made_at: datetime
    counts: dict[str, int]


def folder() -> Path:
    return get_settings().var_dir / "backups"


def write(session: Session, header: Header) -> tuple[Path, str]:
    """The file, whole on the disk under its own name, and its checksum; raises Conflict `backup_failed`."""
    path = folder() / f"{header.mall_id}-{header.made_at:%Y%m%dT%H%M%S}-{header.reset_id}.jsonl"
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = _fill(session, header, unfinished)
        unfinished.replace(path)
        _on_disk(path.parent)
    except OSError as error:
        raise Conflict("the backup could not be written", code="backup_failed", reason=type(error).__name__) from error
    return path, digest


def _fill(session: Session, header: Header, path: Path) -> str:
    sha = hashlib.sha256()
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        for line in _lines(session, header):
            body = (json.dumps(line, ensure_ascii=False) + "\n").encode()
            sha.update(body)
            file.write(body)
        file.write((json.dumps({"sha256": sha.hexdigest()}) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    return sha.hexdigest()


def _on_disk(directory: Path) -> None:
    """The new name, too, outlives a power cut."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lines(session: Session, header: Header) -> Iterator[dict[str, Any]]:
    yield {
        "format": FORMAT, "shop_id": header.shop_id, "mall_id": header.mall_id, "reset_id": header.reset_id,
        "made_at": header.made_at.isoformat(), "counts": header.counts,
    }  # fmt: skip
    for emptied in EMPTIED:
        query = select(emptied.table).where(emptied.of(header.shop_id)).order_by(*emptied.table.primary_key)
        for row in session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
            yield {"table": emptied.name, "row": {key: _json(value) for key, value in row.items()}}


def _json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value


def verified(path: Path, digest: str | None = None) -> Header:
    """Read to its end: every line is readable, every table has as many rows as the head says, the checksum is right and
    the one expected. Raises BackupUnreadable otherwise."""
    found = dict.fromkeys(BY_NAME, 0)
    for emptied, _ in rows(path, digest):
        found[emptied.name] += 1
    header = head(path)
    if {name: number for name, number in found.items() if number} != {k: v for k, v in header.counts.items() if v}:
        raise BackupUnreadable("it holds another number of rows than it says", found=found, said=header.counts)
    return header


def head(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            said = json.loads(file.readline())
        if said["format"] != FORMAT:
            raise BackupUnreadable("it is of another format", format=said["format"])
        return Header(
            said["shop_id"], said["mall_id"], said["reset_id"], datetime.fromisoformat(said["made_at"]), said["counts"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupUnreadable("its first line cannot be read", reason=str(error)) from error


def rows(path: Path, digest: str | None = None) -> Iterator[tuple[Emptied, dict[str, Any]]]:
    """Every row in the columns' own types, parents first; raises BackupUnreadable at the latest at the file's end."""
    sha = hashlib.sha256()
    try:
        with path.open("rb") as file:
            sha.update(file.readline())
            for body in file:
                line = json.loads(body)
                if "sha256" in line:
                    if line["sha256"] != sha.hexdigest() or digest not in (None, sha.hexdigest()) or file.read(1):
                        raise BackupUnreadable("its checksum is not right")
                    return
                sha.update(body)
                yield _row(line)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupUnreadable("a line cannot be read", reason=str(error)) from error
    raise BackupUnreadable("its end is missing")


def _row(line: dict[str, Any]) -> tuple[Emptied, dict[str, Any]]:
    emptied = BY_NAME[line["table"]]
    return emptied, {key: from_json(emptied.model, key, value) for key, value in line["row"].items()}
