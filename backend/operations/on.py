"""The plan kind `ops.on`: lifts what holds something off; of a wider OFF the rest stays off as it was, and so does what is
excluded ("all but coupons")."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.errors import InvalidInput, NothingToChange
from backend.kit import clock
from backend.operations import gate, switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch
from backend.operations.off import label_of
from backend.operations.parts import meet, part_kept
from backend.operations.schedule import next_free_start
from backend.operations.scope import Scope, Unit, atoms, units_in
from backend.operations.wish import ExclusionParams, ScopeParams, read_excluded, read_scope, require_right
from backend.plans.kinds import PlanKind, Proposal, register
from backend.shops.models import Shop


class OnParams(ScopeParams, ExclusionParams):
    """`switch_id` names one OFF; else the scope names what shall run again. What is excluded stays as it is."""

    switch_id: str | None = None


def propose(session: Session, actor: Actor, params: OnParams) -> Proposal:
    """Raises NothingToChange `not_off`, InvalidInput `nothing_in_scope`; a wide OFF is lifted or narrowed by who may set one."""
    now = clock.now()
    standing = holding = switches.standing(session, actor.shop_id, now)
    if params.switch_id:
        switch = owned(session.get(OffSwitch, params.switch_id), actor)
        scope = switches.scope_of(switch)
        holding = [s for s in holding if s.id == switch.id]
    else:
        scope = read_scope(params)
    require_right(actor, scope)
    excluded = read_excluded(params, scope)
    wanted = atoms(scope) - {atom for part in excluded for atom in atoms(part)}
    if not wanted:
        raise InvalidInput("nothing is left of it", code="nothing_in_scope", **scope.as_json())
    lifted = [s for s in holding if switches.covered(s) & wanted]
    if not lifted:
        raise NothingToChange("none of it is off", code="not_off", **scope.as_json())
    if any(switches.scope_of(s).wide for s in lifted):
        actor.require(Permission.OPERATIONS_SWITCH_ALL)
    changes: list[Change] = []
    narrowed, kept = [], []
    for switch in lifted:
        if units_in(switches.covered(switch) - atoms(scope)):
            changes.append(leave_out(switch, scope))
            narrowed.append(_narrowed(switch, scope))
        else:
            changes += _lift(switch)
        for part in excluded:
            if switches.covered(switch) & atoms(scope) & atoms(part):
                changes.append(part_kept(switch, meet(scope, part)))
                kept.append({**_scope_of(changes[-1]), **switches.brief(switch)})
    others = [s for s in standing if s not in lifted]
    back = units_in(switches.covered_atoms(lifted) & wanted)
    stays = [Effect("stays_off", {"switches": kept})] if kept else []
    effects = [
        _said(scope, excluded, back, lifted),
        *stays,
        *narrowed,
        *_afterwards(session, actor.shop_id, others, back, now),
    ]
    return Proposal(changes, effects)


def leave_out(switch: OffSwitch, scope: Scope) -> Change:
    """The OFF goes on without this part: by whom, from when and until when stays as it was."""
    before = list(switch.excluded or [])
    label = label_of(switches.scope_of(switch))
    return Change("off_switch", switch.id, "excluded", before, [*before, scope.as_json()], label)


def _lift(switch: OffSwitch) -> list[Change]:
    label = label_of(switches.scope_of(switch))
    return [
        Change("off_switch", switch.id, "lifted_at", None, NOW, label),
        Change("off_switch", switch.id, "lifted_by", None, ACTOR_NAME, label),
    ]


def _scope_of(made: Change) -> dict[str, Any]:
    return {name: made.after[name] for name in ("operation", "area", "market", "excluded")}


def _narrowed(switch: OffSwitch, scope: Scope) -> Effect:
    was = switches.scope_json(switch)
    rest = {**was, "excluded": [*was["excluded"], scope.as_json()]}
    return Effect("switch_narrowed", {"was": {**was, **switches.brief(switch)}, "stays_off": [rest]})


def _said(scope: Scope, excluded: list[Scope], back: list[Unit], lifted: Sequence[OffSwitch]) -> Effect:
    return Effect("ops_on", {
        **scope.as_json(), "everything": scope == Scope(), "excluded": [part.as_json() for part in excluded], "units": [unit.as_json() for unit in back],
        "switches": [switches.described(s) for s in lifted],
    })  # fmt: skip


def _afterwards(
    session: Session, shop_id: str, others: list[OffSwitch], back: list[Unit], now: datetime
) -> list[Effect]:
    """What still holds some of it, when the others run next, and what does not come back by itself."""
    shop = session.get_one(Shop, shop_id)
    blocked, runs = [], []
    for unit in back:
        held = any(switches.holds(s, now) for s in switches.covering(others, unit))
        code = "switched_off" if held else gate.standing_block(session, shop, unit)
        at = None if code else next_free_start(session, shop, unit, now, others)
        if at is None:
            blocked.append({**unit.as_json(), "code": code or "switched_off"})
        else:
            runs.append({**unit.as_json(), "at": at.isoformat()})
    effects = [Effect("still_blocked", {"units": blocked})] if blocked else []
    if runs:
        effects.append(Effect("next_runs", {"runs": sorted(runs, key=lambda r: r["at"])}))
    for key in dict.fromkeys(unit.operation for unit in back):
        when_on = operations()[key].when_on
        effects += when_on(session, shop_id) if when_on else []
    return effects


register(PlanKind("ops.on", OnParams, propose))
