"""What an OFF covers, as a set: (area, operation, place) for every operation, and (area, "", place) for those to come.

With sets, "everything but Coupang" and "switch one back on under a wider OFF" are plain differences.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from backend.markets.codes import Market
from backend.operations.catalogue.loader import operations
from backend.operations.contract import Area, Operation, place

Atom = tuple[Area, str, Market]
TO_COME = ""


@dataclass(frozen=True)
class Unit:
    """One operation on one market: what is scheduled, gated and run."""

    operation: str
    market: Market | None

    def as_json(self) -> dict[str, Any]:
        return {"operation": self.operation, "market": self.market.value if self.market else None}


@dataclass(frozen=True)
class Scope:
    """All None means everything of the shop."""

    operation: str | None = None
    area: Area | None = None
    market: Market | None = None

    @property
    def wide(self) -> bool:
        """Wider than one operation: an area, a market, or everything."""
        return self.operation is None

    def as_json(self) -> dict[str, Any]:
        return {k: v.value if hasattr(v, "value") else v for k, v in asdict(self).items()}


def units_of(operation: Operation) -> list[Unit]:
    return [Unit(operation.key, market) for market in operation.units]


def all_units() -> list[Unit]:
    return [unit for operation in operations().values() for unit in units_of(operation)]


def atom_of(unit: Unit) -> Atom:
    return operations()[unit.operation].config.area, unit.operation, place(unit.market)


@lru_cache
def _every_atom() -> frozenset[Atom]:
    running = {atom_of(unit) for unit in all_units()}
    return frozenset(running | {(area, TO_COME, market) for area in Area for market in Market})


def atoms(scope: Scope) -> set[Atom]:
    return {
        (area, operation, market)
        for area, operation, market in _every_atom()
        if scope.operation in (None, operation) and scope.area in (None, area) and scope.market in (None, market)
    }


def units_in(covered: Iterable[Atom]) -> list[Unit]:
    """The operations' units among the atoms, in catalogue order."""
    wanted = set(covered)
    return [unit for unit in all_units() if atom_of(unit) in wanted]


def covers_to_come(covered: Iterable[Atom]) -> bool:
    """Whether operations that the catalogue gets later are covered too."""
    return any(operation == TO_COME for _, operation, _ in covered)


def covers(scope: Scope, unit: Unit) -> bool:
    return atom_of(unit) in atoms(scope)
