"""The documents a person can take away; features register theirs at start.

A link carries the kind and its parameters, signed; the file is made from the state of the moment it is opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.errors import InvalidInput
from backend.shops.models import Shop

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class File:
    """`name` is what the browser saves it as; a PDF opens in the tab, a spreadsheet is saved."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class DocumentKind:
    """`make` reads only. It raises NotFound or Conflict where there is nothing to print."""

    name: str
    params: type[BaseModel]
    make: Callable[[Session, Shop, Any], File]


_KINDS: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    _KINDS[kind.name] = kind


def names() -> frozenset[str]:
    return frozenset(_KINDS)


def kind_named(name: str) -> DocumentKind:
    try:
        return _KINDS[name]
    except KeyError:
        raise InvalidInput("no such kind of document", fields=[{"field": "kind", "message": name}]) from None
