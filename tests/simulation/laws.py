"""What must be true after any month, whatever was killed, late, doubled or switched off; each raises AssertionError."""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.changes.apply import current
from backend.conversations.models import Message
from backend.customers.gateway import default_gateway
from backend.customers.models import AddonCredit, CustomerMessage
from backend.customers.states import MessageState
from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import MarketOutage, OffSwitch, Run
from backend.operations.schedule import first_slot
from backend.operations.scope import Unit, units_of
from backend.operations.states import ENDED, OPEN, WAITING, RunState
from tests.simulation.village import START, Household

WROTE = (RunState.DONE, RunState.REVERTED)


def all_runs(session: Session) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.shop_id, Run.operation, Run.scheduled_for, Run.id)))


def every_due_run_ended_once_and_says_why(runs: list[Run], end: datetime) -> None:
    for run in runs:
        if run.state in OPEN:
            waits = run.scheduled_for > end - timedelta(hours=1) or run.state is RunState.RUNNING
            assert waits, f"{run.id} of {run.operation} was due at {run.scheduled_for} and is {run.state}"
            assert run.finished_at is None and run.open_key
        else:
            assert run.finished_at and run.open_key is None and run.lease_owner is None
            assert bool(run.reason) == (run.state in (RunState.FAILED, RunState.DROPPED)), (
                run.id,
                run.state,
                run.reason,
            )


def no_due_was_run_twice(runs: list[Run]) -> None:
    acted = Counter(
        (run.shop_id, run.operation, run.market, run.scheduled_for) for run in runs if run.state is not RunState.DROPPED
    )
    assert not [key for key, count in acted.items() if count > 1]
    waiting = Counter((run.shop_id, run.operation, run.market) for run in runs if run.state in OPEN)
    assert not [key for key, count in waiting.items() if count > 1]


def turns_keep_their_distance(runs: list[Run]) -> None:
    """No turn before its interval is over, counted from the start of the one before."""
    for unit, turns in _by_unit(run for run in runs if run.state in ENDED).items():
        interval = timedelta(days=operations()[unit[1]].config.interval_days)
        for one, following in itertools.pairwise(turns):
            gap = clock.seoul(following.scheduled_for).date() - clock.seoul(one.scheduled_for).date()
            retried = one.trigger == "retry" or following.trigger == "retry"
            assert gap >= interval or (retried and gap >= interval - timedelta(days=1)), (unit, gap)


def nothing_is_missing_where_nothing_held_it(
    runs: list[Run], untouched: list[Household], end: datetime, stood_still: Callable[[datetime], bool]
) -> int:
    """Every occurrence that a calendar foretells took place at its hour; how many there were."""
    ended, at_it = defaultdict(set), defaultdict(set)
    for run in runs:
        if run.state in ENDED:
            ended[run.shop_id, run.operation, run.market].add(run.scheduled_for)
        elif run.state is RunState.RUNNING:  # its worker was killed just before the month ended: late, not lost
            at_it[run.shop_id, run.operation, run.market].add(run.scheduled_for)
    foretold = 0
    for house in untouched:
        for operation in operations().values():
            for unit in units_of(operation):
                if unit.market and unit.market != "mall" and unit.market not in house.markets:
                    assert not ended[house.id, unit.operation, unit.market]
                    continue
                expected = _calendar(unit, end)
                found = sorted(ended[house.id, unit.operation, unit.market])
                if operation.config.announce_hours:  # a notice that came late moves the start, by whole days
                    shifts = [have - want for have, want in zip(found, expected, strict=False)]
                    assert all(timedelta() <= shift <= timedelta(days=4) for shift in shifts), (unit, found)
                    assert len(found) >= len(expected) - 1, (house.id, unit, found)
                else:  # a start that passed while the machine stood still is not made up for
                    late = at_it[house.id, unit.operation, unit.market]
                    lost = [at for at in expected if at not in found and at not in late]
                    assert set(found) <= set(expected) and all(map(stood_still, lost)), (house.id, unit, lost)
                foretold += len(found)
    return foretold


def _calendar(unit: Unit, end: datetime) -> list[datetime]:
    config = operations()[unit.operation].config
    at = first_slot(START + timedelta(hours=config.announce_hours), config.hour)
    days = []
    while at <= end - timedelta(hours=2):
        days.append(at)
        at += timedelta(days=config.interval_days)
    return days


def nothing_ran_while_off(session: Session, runs: list[Run]) -> None:
    held = defaultdict(list)
    for switch in session.scalars(select(OffSwitch)):
        held[switch.shop_id].append(switch)
    for run in runs:
        if run.state not in WROTE and run.state is not RunState.NOTHING:
            continue
        for switch in switches.covering(held[run.shop_id], Unit(run.operation, run.market)):
            ends = [at for at in (switch.lifted_at, switch.until) if at]
            assert run.finished_at and not switch.set_at < run.finished_at < min(
                ends, default=run.finished_at + timedelta(1)
            )


def announced_runs_kept_their_time(runs: list[Run]) -> int:
    """Nothing that is announced wrote before its notice was old enough."""
    seen = 0
    for run in runs:
        hours = operations()[run.operation].config.announce_hours
        if hours and run.state in WROTE:
            assert run.announced_at and run.finished_at
            assert run.finished_at - run.announced_at >= timedelta(hours=hours), run.id
            seen += 1
    return seen


def the_audit_tells_what_the_shops_are(session: Session, runs: list[Run]) -> None:
    """Each run's events are its changes; each field's events are a chain that ends in what the field holds now."""
    counted = dict(
        session.execute(
            select(AuditEvent.source_id, func.count()).where(AuditEvent.source_type == "run").group_by(AuditEvent.source_id)
        ).tuples().all()
    )  # fmt: skip
    for run in runs:
        wrote = run.result.get("changed", 0) if run.state in WROTE else 0
        assert counted.get(run.id, 0) == wrote, (run.id, run.state)
    chains: dict[tuple[str, str, str, str], list[AuditEvent]] = defaultdict(list)
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        place = (event.shop_id, event.target_type, event.target_id)
        if event.op == "create":
            for field, value in event.after.items():
                chains[*place, field].append(AuditEvent(before=None, after=value, op="create"))
        else:
            chains[*place, event.field].append(event)
    for (shop_id, target_type, target_id, field), chain in chains.items():
        for one, following in itertools.pairwise(chain):
            if (target_type, field) != ("run", "state"):  # the scheduler moves runs without an event
                assert _same(one.after, following.before), (target_type, target_id, field)
        if target_type not in ("run", "customer_message", "image_hosting"):  # sent, and ended, outside of the audit
            row = current(session, shop_id, target_type, target_id)
            assert _same(registry.to_json(getattr(row, field)), chain[-1].after), (target_type, target_id, field)


def _same(one: object, other: object) -> bool:
    return json.dumps(one, sort_keys=True, default=str) == json.dumps(other, sort_keys=True, default=str)


def every_message_left_once(session: Session) -> int:
    """Sent ones were delivered once and used their credit once; no balance is below zero."""
    delivered = Counter(one.message_id for one in default_gateway().deliveries())
    assert set(delivered.values()) <= {1}
    sent = select(CustomerMessage.id).where(CustomerMessage.state == MessageState.SENT)
    ids = set(session.scalars(sent))
    assert set(delivered) == ids
    used = Counter(session.scalars(select(AddonCredit.message_id).where(AddonCredit.delta < 0)))
    assert set(used) == ids and set(used.values()) <= {1}
    sums = session.scalars(select(func.sum(AddonCredit.delta)).group_by(AddonCredit.shop_id, AddonCredit.kind))
    assert min(sums, default=0) >= 0
    return len(ids)


def every_notice_was_told_once(session: Session, runs: list[Run]) -> None:
    """To the one member of each shop: announcements, OFFs that ended, silent markets, and runs given up for other reasons."""
    expected: Counter[str] = Counter()
    for run in runs:
        expected[run.shop_id] += bool(run.announced_at) and run.trigger != "retry"
    given_up = [
        run for run in runs if run.state is RunState.FAILED and run.reason != "market_unreachable" and run.attempts >= 3
    ]
    expected.update(run.shop_id for run in given_up)
    for switch in session.scalars(select(OffSwitch).where(OffSwitch.lifted_at.is_not(None))):
        expected[switch.shop_id] += switch.until is not None and switch.lifted_at == switch.until
    for outage in session.scalars(select(MarketOutage)):
        expected[outage.shop_id] += 1 + (outage.ended_at is not None)
    told = Counter(session.scalars(select(Message.shop_id)))
    assert told == +expected


def no_draft_coupon_or_proposal_is_an_orphan(session: Session, runs: list[Run]) -> None:
    """Whatever names a run was made by it, and the run stands."""
    wrote = {run.id for run in runs if run.state in WROTE}
    for table in registry.target("coupon").model, registry.target("deal_proposal").model, CustomerMessage:
        named = set(session.scalars(select(table.run_id).where(table.run_id.is_not(None))))
        assert named <= wrote


def waiting_runs_are_covered_by_no_off(session: Session, runs: list[Run], now: datetime) -> None:
    for run in runs:
        if run.state in WAITING:
            holding = switches.active(session, run.shop_id, now)
            assert not switches.covering(holding, Unit(run.operation, run.market))


def _by_unit(runs: Iterable[Run]) -> dict[tuple[str, str, str | None], list[Run]]:
    found: dict[tuple[str, str, str | None], list[Run]] = defaultdict(list)
    for run in sorted(runs, key=lambda one: one.scheduled_for):
        found[run.shop_id, run.operation, run.market].append(run)
    return found
