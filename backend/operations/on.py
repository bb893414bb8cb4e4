"""The plan kind `ops.on`: lifts what holds something off; of a wider OFF the rest stays off as it was."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.errors import NothingToChange
from backend.kit import clock
from backend.operations import gate, switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch
from backend.operations.schedule import next_start
from backend.operations.scope import Scope, Unit, atoms, units_in, widest_rows
from backend.operations.wish import ScopeParams, read_scope, require_right
from backend.plans.kinds import PlanKind, Proposal, register
from backend.shops.models import Shop


class OnParams(ScopeParams):
    """`switch_id` names one OFF; else the scope names what shall run again."""

    switch_id: str | None = None


def propose(session: Session, actor: Actor, params: OnParams) -> Proposal:
    """Raises NothingToChange `not_off`; lifting or narrowing a wide OFF needs the right to set one."""
    now = clock.now()
    active = holding = switches.active(session, actor.shop_id, now)
    if params.switch_id:
        switch = owned(session.get(OffSwitch, params.switch_id), actor)
        scope = switches.scope_of(switch)
        holding = [s for s in holding if s.id == switch.id]
    else:
        scope = read_scope(params)
    require_right(actor, scope)
    wanted = atoms(scope)
    lifted = [s for s in holding if atoms(switches.scope_of(s)) & wanted]
    if not lifted:
        raise NothingToChange("none of it is off", code="not_off", **scope.as_json())
    if any(switches.scope_of(s).wide for s in lifted):
        actor.require(Permission.OPERATIONS_SWITCH_ALL)
    changes = [change for switch in lifted for change in _lift(switch)]
    narrowed = []
    for switch in lifted:
        rest = widest_rows(atoms(switches.scope_of(switch)) - wanted)
        changes += [_stays(switch, row) for row in rest]
        if rest:
            was = {**switches.scope_of(switch).as_json(), **switches.brief(switch)}
            narrowed.append(Effect("switch_narrowed", {"was": was, "stays_off": [row.as_json() for row in rest]}))
    others = [s for s in active if s not in lifted]
    back = units_in(switches.covered_atoms(lifted) & wanted)
    effects = [_said(scope, back, lifted), *narrowed, *_afterwards(session, actor.shop_id, others, back)]
    return Proposal(changes, effects)


def _lift(switch: OffSwitch) -> list[Change]:
    label = switch.operation or switch.area or "everything"
    return [
        Change("off_switch", switch.id, "lifted_at", None, NOW, label),
        Change("off_switch", switch.id, "lifted_by", None, ACTOR_NAME, label),
    ]


def _stays(switch: OffSwitch, row: Scope) -> Change:
    """The rest keeps who switched it off, when and until when."""
    after = {
        **row.as_json(), "until": switch.until.isoformat() if switch.until else None, "reason": switch.reason,
        "set_by": switch.set_by, "set_by_id": switch.set_by_id, "set_at": switch.set_at.isoformat(),
    }  # fmt: skip
    return create("off_switch", after, row.operation or (row.area.value if row.area else "everything"))


def _said(scope: Scope, back: list[Unit], lifted: Sequence[OffSwitch]) -> Effect:
    return Effect("ops_on", {
        **scope.as_json(), "everything": scope == Scope(), "units": [unit.as_json() for unit in back],
        "switches": [switches.described(s) for s in lifted],
    })  # fmt: skip


def _afterwards(session: Session, shop_id: str, others: list[OffSwitch], back: list[Unit]) -> list[Effect]:
    """What still holds some of it, when the others run next, and what does not come back by itself."""
    shop = session.get_one(Shop, shop_id)
    blocked, runs = [], []
    for unit in back:
        code = "switched_off" if switches.covering(others, unit) else gate.standing_block(session, shop, unit)
        if code:
            blocked.append({**unit.as_json(), "code": code})
        else:
            runs.append({**unit.as_json(), "at": next_start(session, shop, unit, clock.now()).isoformat()})
    effects = [Effect("still_blocked", {"units": blocked})] if blocked else []
    if runs:
        effects.append(Effect("next_runs", {"runs": sorted(runs, key=lambda r: r["at"])}))
    for key in dict.fromkeys(unit.operation for unit in back):
        when_on = operations()[key].when_on
        effects += when_on(session, shop_id) if when_on else []
    return effects


register(PlanKind("ops.on", OnParams, propose))
