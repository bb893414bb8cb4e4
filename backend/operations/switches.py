"""Reading OFF switches: which stand, which hold at a moment, and what each covers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import periods
from backend.operations.contract import Area
from backend.operations.models import OffSwitch
from backend.operations.scope import Atom, Scope, Unit, atom_of, atoms, units_in

LONG_AGO, FOR_GOOD = datetime.min.replace(tzinfo=clock.UTC), datetime.max.replace(tzinfo=clock.UTC)


def standing(session: Session, shop_id: str, now: datetime) -> list[OffSwitch]:
    """Those that hold now and those that begin later.

    Restoring by itself is plain time: nothing has to run for a passed `until` to count, nor for a start to.
    """
    query = (
        select(OffSwitch)
        .where(OffSwitch.shop_id == shop_id, OffSwitch.lifted_at.is_(None))
        .where(or_(OffSwitch.until.is_(None), OffSwitch.until > now))
        .order_by(OffSwitch.set_at, OffSwitch.id)
    )
    return list(session.scalars(query))


def active(session: Session, shop_id: str, at: datetime) -> list[OffSwitch]:
    """Those that hold at `at`."""
    return [switch for switch in standing(session, shop_id, at) if holds(switch, at)]


def holds(switch: OffSwitch, at: datetime) -> bool:
    """By its period alone; a lifted one is not asked about."""
    begun = switch.starts_at is None or switch.starts_at <= at
    return begun and (switch.until is None or switch.until > at)


def scope_of(switch: OffSwitch) -> Scope:
    """Without what it leaves out."""
    return Scope(switch.operation, Area(switch.area) if switch.area else None, switch.market)


def excluded_of(switch: OffSwitch) -> list[Scope]:
    return [scope_from(part) for part in switch.excluded or []]


def scope_from(said: dict[str, Any]) -> Scope:
    """The inverse of `Scope.as_json`."""
    area, market = said.get("area"), said.get("market")
    return Scope(said.get("operation"), Area(area) if area else None, Market(market) if market else None)


def covered(switch: OffSwitch) -> set[Atom]:
    """What it holds off, whenever it does."""
    found = atoms(scope_of(switch))
    for part in excluded_of(switch):
        found -= atoms(part)
    return found


def covered_atoms(switches: Iterable[OffSwitch]) -> set[Atom]:
    return {atom for switch in switches for atom in covered(switch)}


def covering(switches: Iterable[OffSwitch], unit: Unit) -> list[OffSwitch]:
    """Those that cover the unit, the one that holds longest first."""
    atom = atom_of(unit)
    return sorted((s for s in switches if atom in covered(s)), key=lambda s: (-_end(s).timestamp(), s.set_at))


def sparing(switches: Iterable[OffSwitch], unit: Unit) -> list[OffSwitch]:
    """Those whose scope would cover the unit, but leave it out."""
    atom = atom_of(unit)
    return [s for s in switches if atom in atoms(scope_of(s)) and atom not in covered(s)]


def free_from(switches: Iterable[OffSwitch], unit: Unit, moment: datetime) -> datetime | None:
    """The first moment from `moment` on at which none of them holds the unit; None: held for good."""
    holding = covering(switches, unit)
    while found := [s for s in holding if holds(s, moment)]:
        if found[0].until is None:
            return None
        moment = found[0].until
    return moment


def uncovered(switches: Iterable[OffSwitch], wanted: set[Atom], start: datetime, until: datetime | None) -> set[Atom]:
    """Those of `wanted` that run at some moment between start and until, as the switches stand."""
    spans = [(_begin(s), _end(s), covered(s)) for s in switches]
    spans.sort(key=lambda span: span[:2])
    missing = set()
    for atom in wanted:
        reached = start
        for begin, end, atoms_of in spans:
            if atom in atoms_of and begin <= reached:
                reached = max(reached, end)
        if reached < (until or FOR_GOOD):
            missing.add(atom)
    return missing


def overlap(switch: OffSwitch, start: datetime, until: datetime | None) -> bool:
    """Whether it holds at some moment between start and until."""
    return _begin(switch) < (until or FOR_GOOD) and start < _end(switch)


def _begin(switch: OffSwitch) -> datetime:
    return switch.starts_at or LONG_AGO


def _end(switch: OffSwitch) -> datetime:
    return switch.until or FOR_GOOD


def brief(switch: OffSwitch) -> dict[str, Any]:
    """By whom, when and from when until when; JSON."""
    return {
        "switch_id": switch.id, "by": switch.set_by, "at": switch.set_at.isoformat(),
        "starts": periods.said_start(switch.starts_at), "until": periods.said_end(switch.until),
        "resumes_on": periods.resumes_on(switch.until), "reason": switch.reason,
    }  # fmt: skip


def scope_json(switch: OffSwitch) -> dict[str, Any]:
    """What it covers as a sentence needs it: the scope, and what is left out."""
    return {**scope_of(switch).as_json(), "excluded": list(switch.excluded or [])}


def described(switch: OffSwitch, now: datetime | None = None) -> dict[str, Any]:
    """OffSwitchOut as JSON, for effects, errors and notices."""
    said = brief(switch)
    now = now or clock.now()
    return {
        "id": switch.id, **scope_json(switch), "starts": said["starts"], "until": said["until"],
        "resumes_on": said["resumes_on"], "upcoming": switch.starts_at is not None and switch.starts_at > now,
        "reason": switch.reason, "set_by": switch.set_by, "set_at": switch.set_at.isoformat(),
        "lifted_at": switch.lifted_at.isoformat() if switch.lifted_at else None, "lifted_by": switch.lifted_by,
        "units": [unit.as_json() for unit in units_in(covered(switch))],
    }  # fmt: skip
