"""Countries we know a fee, days and customs needs for (`reference/countries.yml`, versioned, with its sources)."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kit.yaml_file import read_yaml

SOURCE = Path(__file__).parent / "reference" / "countries.yml"
HOME = "KR"


@dataclass(frozen=True)
class Country:
    """`fees`: (up to grams, KRW) in rising order. `needs`: columns of a stock item that its customs form is filled from."""

    code: str
    name: str
    zone: str
    days: tuple[int, int]
    fees: tuple[tuple[int, int], ...]
    needs: tuple[str, ...]
    duty_free: str | None
    recipient_id: bool  # the recipient's own customs number is asked for


@lru_cache
def _reference() -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(SOURCE)
    return read


def version() -> int:
    return int(_reference()["version"])


def reviewed() -> str:
    return str(_reference()["reviewed"])


@lru_cache
def countries() -> dict[str, Country]:
    known = _reference()
    made = {}
    for code, row in known["countries"].items():
        zone = known["zones"][row["zone"]]
        made[code] = Country(
            code=code, name=row["names"][0], zone=row["zone"], days=(zone["days"][0], zone["days"][1]),
            fees=tuple((weight, fee) for weight, fee in zone["fees"]), needs=(*known["needs"], *row.get("needs", ())),
            duty_free=row.get("duty_free"), recipient_id=row.get("recipient_id", False),
        )  # fmt: skip
    return made


def country_named(said: str) -> Country | None:
    """By its ISO code or a name people use; None for one we have no table for."""
    return countries().get(_names().get(_bare(said), ""))


@lru_cache
def _names() -> dict[str, str]:
    rows = _reference()["countries"]
    return {_bare(said): code for code, row in rows.items() for said in (code, *row["names"])}


def _bare(said: str) -> str:
    return "".join(unicodedata.normalize("NFKC", said).casefold().split())


def needs_of(code: str) -> tuple[str, ...]:
    """Nothing at home; of a country without an entry what every parcel abroad needs, with the HS code."""
    if code == HOME:
        return ()
    known = countries().get(code)
    return known.needs if known else (*_reference()["needs"], "hs_code")
