"""Reading OFF switches: which hold now, what each covers, and until when.

`until` is kept as the first instant at which the switch no longer holds (Seoul midnight);
people say and hear the last day on which it still does.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.operations.contract import Area
from backend.operations.models import OffSwitch
from backend.operations.scope import Atom, Scope, Unit, atoms, covers, units_in


def active(session: Session, shop_id: str, now: datetime) -> list[OffSwitch]:
    """Restoring by itself is plain time: nothing has to run for a passed `until` to count."""
    query = (
        select(OffSwitch)
        .where(OffSwitch.shop_id == shop_id, OffSwitch.lifted_at.is_(None))
        .where(or_(OffSwitch.until.is_(None), OffSwitch.until > now))
        .order_by(OffSwitch.set_at, OffSwitch.id)
    )
    return list(session.scalars(query))


def scope_of(switch: OffSwitch) -> Scope:
    return Scope(switch.operation, Area(switch.area) if switch.area else None, switch.market)


def covering(switches: Iterable[OffSwitch], unit: Unit) -> list[OffSwitch]:
    """Those that hold the unit off, the one that holds longest first."""
    found = [switch for switch in switches if covers(scope_of(switch), unit)]
    return sorted(found, key=lambda s: (s.until is not None, -(s.until.timestamp() if s.until else 0), s.set_at))


def covered_atoms(switches: Iterable[OffSwitch]) -> set[Atom]:
    return {atom for switch in switches for atom in atoms(scope_of(switch))}


def lasts(switch: OffSwitch, until: datetime | None) -> bool:
    """Whether it holds at least as long as `until`."""
    return switch.until is None or (until is not None and switch.until >= until)


def ends_after(last_day: date) -> datetime:
    """The Seoul midnight after an inclusive last day."""
    return starts_on(last_day + timedelta(days=1))


def starts_on(day: date) -> datetime:
    """The Seoul midnight that begins a day."""
    return datetime.combine(day, time(), clock.SEOUL).astimezone(clock.UTC)


def last_day(until: datetime | None) -> str | None:
    return clock.seoul(until - timedelta(microseconds=1)).date().isoformat() if until else None


def resumes_on(until: datetime | None) -> str | None:
    return clock.seoul(until).date().isoformat() if until else None


def brief(switch: OffSwitch) -> dict[str, Any]:
    """By whom, when and until when; JSON."""
    return {
        "switch_id": switch.id, "by": switch.set_by, "at": switch.set_at.isoformat(),
        "until": last_day(switch.until), "resumes_on": resumes_on(switch.until), "reason": switch.reason,
    }  # fmt: skip


def described(switch: OffSwitch) -> dict[str, Any]:
    """OffSwitchOut as JSON, for effects, errors and notices."""
    return {
        "id": switch.id, **scope_of(switch).as_json(),
        "until": last_day(switch.until), "resumes_on": resumes_on(switch.until), "reason": switch.reason,
        "set_by": switch.set_by, "set_at": switch.set_at.isoformat(),
        "lifted_at": switch.lifted_at.isoformat() if switch.lifted_at else None, "lifted_by": switch.lifted_by,
        "units": [unit.as_json() for unit in units_in(atoms(scope_of(switch)))],
    }  # fmt: skip
