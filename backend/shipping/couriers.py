"""Couriers, by whatever name people write, and whether a tracking number can be theirs (`reference/couriers.yml`)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.markets.codes import Market

REFERENCE = Path(__file__).parent / "reference"
S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BETWEEN = re.compile(r"[\s\-._]+")


@dataclass(frozen=True)
class Courier:
    """`lengths` are the numbers of digits a tracking number may have; `pattern` and `s10` are other shapes."""

    key: str
    name: str
    aliases: tuple[str, ...]
    codes: dict[str, str]
    lengths: tuple[int, ...] = ()
    pattern: str | None = None
    s10: bool = False
    overseas: bool = False

    def code_on(self, market: Market) -> str:
        """What the market calls it; a market without a table of its own is told our key."""
        return self.codes.get(market.value, self.key)

    def accepts(self, number: str) -> bool:
        if self.s10:
            return _is_s10(number)
        if self.pattern:
            return re.fullmatch(self.pattern, number) is not None
        return number.isdigit() and number.isascii() and len(number) in self.lengths


@lru_cache
def _reference() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((REFERENCE / "couriers.yml").read_text(encoding="utf-8"))
    return read


@lru_cache
def couriers() -> dict[str, Courier]:
    """All of them by key, in the order of the reference."""
    made = {}
    for key, row in _reference()["couriers"].items():
        made[key] = Courier(
            key=key, name=row["name"], aliases=tuple(row["aliases"]), codes=row["codes"],
            lengths=tuple(row.get("lengths", ())), pattern=row.get("pattern"), s10=row.get("s10", False),
            overseas=row.get("overseas", False),
        )  # fmt: skip
    return made


@lru_cache
def _spoken() -> dict[str, str]:
    names: dict[str, str] = {}
    for key, courier in couriers().items():
        for said in (key, courier.name, *courier.aliases, *courier.codes.values()):
            if not said.isdigit():
                names.setdefault(_bare(said), key)
    return names


def _bare(said: str) -> str:
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", said).casefold())
    for word in sorted(_reference()["ignored"], key=len, reverse=True):
        if text.endswith(word) and len(text) > len(word):
            return text[: -len(word)]
    return text


def courier_named(said: str) -> Courier | None:
    """The courier people mean by its key, name, market code or one of its nicknames; None when it is none we know."""
    key = _spoken().get(_bare(said))
    return couriers()[key] if key else None


def bare_number(written: str) -> str:
    """A tracking number without the spaces and dashes people write into it."""
    return re.sub(r"[\s\-‐‑–—./]+", "", unicodedata.normalize("NFKC", written)).upper()


def couriers_for(number: str) -> list[Courier]:
    """Whose number it may be by its shape."""
    return [courier for courier in couriers().values() if courier.accepts(number)]


def _is_s10(number: str) -> bool:
    """UPU S10: two letters, eight digits, a check digit, the country."""
    found = S10.fullmatch(number)
    if not found:
        return False
    digits, check = found.groups()
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _S10_WEIGHTS, strict=True)) % 11
    return int(check) == {10: 0, 11: 5}.get(rest, rest)
