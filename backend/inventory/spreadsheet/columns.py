"""What the columns of each kind of spreadsheet are called (data/inventory/spreadsheet.yml)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from backend.kit.hangul import compact
from backend.kit.yaml_file import read_yaml
from backend.settings import ROOT

SOURCE = ROOT / "data" / "inventory" / "spreadsheet.yml"


class ImportKind(StrEnum):
    RECEIVE = "receive"
    ISSUE = "issue"
    CORRECT = "correct"
    ITEMS = "items"


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    also: tuple[str, ...]
    width: int
    note: str

    def is_called(self, heading: str) -> bool:
        return compact(heading) in {compact(name) for name in (self.title, *self.also)}


@lru_cache
def words() -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(SOURCE)
    return read


@lru_cache
def columns_of(kind: ImportKind) -> tuple[Column, ...]:
    known = words()["columns"]
    return tuple(
        Column(key, known[key]["title"], tuple(known[key]["also"]), known[key]["width"], known[key]["note"])
        for key in words()["kinds"][kind]["columns"]
    )


def title_of(kind: ImportKind) -> str:
    return str(words()["kinds"][kind]["title"])


def needed_of(kind: ImportKind) -> tuple[str, ...]:
    return tuple(words()["kinds"][kind]["needs"])
