"""Every pair of every state table, tried through the one writer of that state."""

import importlib
from collections.abc import Callable
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes import registry
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.conversations import states as conversation_states
from backend.conversations.models import TRANSITIONS as CONVERSATION
from backend.conversations.models import Conversation, ConversationState
from backend.conversations.sessions import conversation_of
from backend.coupons.targets import TRANSITIONS as COUPON
from backend.customers.states import TRANSITIONS as CUSTOMER_MESSAGE
from backend.deals.states import TRANSITIONS as DEAL
from backend.errors import IllegalMove, PlanClosed
from backend.inquiries.states import TRANSITIONS as INQUIRY
from backend.kit import clock
from backend.markets.store_targets import TRANSITIONS as IMAGE_HOSTING
from backend.operations import moves as run_moves
from backend.operations.models import Run
from backend.operations.states import OPEN, RunState
from backend.operations.states import TRANSITIONS as RUN
from backend.plans import moves as plan_moves
from backend.plans.models import Plan
from backend.plans.states import TRANSITIONS as PLAN
from backend.plans.states import PlanState
from backend.settings import ROOT
from backend.shops.models import Member, Shop
from backend.shops.targets import TRANSITIONS as SHOP
from backend.work_requests.states import TRANSITIONS as WORK_REQUEST
from tests.backend.plans.whole_state import rolled_back
from tests.contract.seeded_shop import furnish

Table = dict[Any, frozenset[Any]]


@pytest.fixture
def things(session: Session, shop: Shop) -> dict[str, str]:
    made = furnish(session, shop)
    return {"work_request": made["request"], "coupon": made["coupon"], "shop": shop.id, **made}


def walk(
    session: Session,
    table: Table,
    put: Callable[[Any], None],
    move: Callable[[Any], None],
    state: Callable[[], Any],
    refusal: type[Exception],
) -> None:
    """Every pair from its own start: what the table holds is done, what it does not is refused and moves nothing."""
    for before, after in product(type(next(iter(table))), repeat=2):
        with rolled_back(session):
            put(before)
            session.flush()
            if after in table[before]:
                move(after)
                assert state() is after, (before, after)
            else:
                with pytest.raises(refusal):
                    move(after)
                assert state() is before, (before, after)


@pytest.mark.parametrize(
    "table",
    [RUN, WORK_REQUEST, COUPON, SHOP, CONVERSATION, PLAN, CUSTOMER_MESSAGE, DEAL, INQUIRY, IMAGE_HOSTING],
    ids=lambda t: type(next(iter(t))).__name__,
)
def test_a_table_says_something_of_every_state(table: Table) -> None:
    states = set(type(next(iter(table))))
    assert table.keys() == states
    assert all(after <= states for after in table.values())
    assert all(before not in after for before, after in table.items())


WALKED_BY_THE_WRITERS_CHECK = {
    "customer_message": CUSTOMER_MESSAGE, "deal_proposal": DEAL, "inquiry": INQUIRY, "image_hosting": IMAGE_HOSTING,
}  # fmt: skip


@pytest.mark.parametrize("name", WALKED_BY_THE_WRITERS_CHECK)
def test_the_writer_lets_through_only_what_the_table_holds(name: str, engine: object) -> None:
    """Every pair, through the check that the one writer makes before it sets a state."""
    spec, table = registry.target(name), WALKED_BY_THE_WRITERS_CHECK[name]
    assert spec.transitions["state"] is table
    for before, after in product(type(next(iter(table))), repeat=2):
        if after in table[before]:
            registry.check_move(spec, "state", before, after)
        else:
            with pytest.raises(IllegalMove):
                registry.check_move(spec, "state", before, after)


def test_no_table_is_forgotten() -> None:
    """Every TRANSITIONS of the backend is walked here."""
    found = {}
    for path in sorted((ROOT / "backend").rglob("*.py")):
        if "\nTRANSITIONS" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name] = importlib.import_module(name).TRANSITIONS
    walked = [RUN, WORK_REQUEST, COUPON, SHOP, CONVERSATION, PLAN, *WALKED_BY_THE_WRITERS_CHECK.values()]
    assert not [name for name, table in found.items() if table not in walked]


@pytest.mark.parametrize(("name", "field", "table"), [
    ("run", "state", RUN), ("work_request", "state", WORK_REQUEST), ("coupon", "state", COUPON), ("shop", "pro_state", SHOP),
])  # fmt: skip
def test_a_change_moves_only_along_its_table(
    session: Session, owner: Actor, things, name: str, field: str, table: Table
) -> None:
    row: Any = session.get_one(registry.target(name).model, things[name])

    def move(after: StrEnum) -> None:
        change = Change(name, things[name], field, getattr(row, field).value, after.value)
        apply(session, owner, "test", Source("direct", "x"), [change])

    walk(session, table, lambda s: setattr(row, field, s), move, lambda: getattr(row, field), IllegalMove)


def test_the_scheduler_moves_a_run_only_along_its_table(session: Session, things) -> None:
    run = session.get_one(Run, things["waiting_run"])

    def move(after: RunState) -> None:
        run_moves.move(run, after, clock.now())
        session.flush()
        assert (run.open_key is not None) is (after in OPEN), "only an open run holds its place"

    walk(session, RUN, lambda s: setattr(run, "state", s), move, lambda: run.state, IllegalMove)


def test_a_conversation_moves_only_along_its_table(session: Session, shop: Shop) -> None:
    talk: Conversation = conversation_of(session, session.get_one(Member, "mem_oneul_owner"))
    actor = pro_actor(shop.id)

    def move(after: ConversationState) -> None:
        conversation_states.set_state(session, talk, after, actor=actor)

    walk(session, CONVERSATION, lambda s: setattr(talk, "state", s), move, lambda: talk.state, IllegalMove)


def test_a_plan_moves_only_along_its_table(session: Session, things) -> None:
    plan = session.get_one(Plan, things["plan"])

    def put(state: PlanState) -> None:
        if state is PlanState.EXPIRED:  # plain time
            plan.expires_at = clock.now()
        else:
            plan.state = state

    walk(
        session,
        PLAN,
        put,
        lambda s: plan_moves.move(session, plan, s, clock.now()),
        lambda: plan.state_at(clock.now()),
        PlanClosed,
    )
