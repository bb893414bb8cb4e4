"""What an OFF goes on holding once something else of it is switched on: a smaller OFF, otherwise just as it was."""

from backend.changes.change import Change, create
from backend.operations import switches
from backend.operations.models import OffSwitch
from backend.operations.off import Period, label_of
from backend.operations.scope import Scope, atoms


def meet(wide: Scope, part: Scope) -> Scope:
    """What lies in both, of two that overlap; the one market of an operation is not named."""
    operation = part.operation or wide.operation
    market = part.market or wide.market
    if operation and atoms(Scope(operation)) == atoms(Scope(operation, market=market)):
        market = None
    return Scope(operation, None if operation else part.area or wide.area, market)


def part_kept(was: OffSwitch, scope: Scope, period: Period | None = None) -> Change:
    """By whom, when and why stays as it was, and without `period` from when and until when."""
    part = meet(switches.scope_of(was), scope)
    excluded = [said for said in was.excluded or [] if atoms(switches.scope_from(said)) & atoms(part)]
    period = period or Period(was.starts_at, was.until)
    after = {
        **part.as_json(), "excluded": excluded, "starts_at": period.start.isoformat() if period.start else None,
        "until": period.until.isoformat() if period.until else None, "reason": was.reason,
        "set_by": was.set_by, "set_by_id": was.set_by_id, "set_at": was.set_at.isoformat(),
    }  # fmt: skip
    return create("off_switch", after, label_of(part))
