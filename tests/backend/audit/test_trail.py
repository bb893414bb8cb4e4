"""One event for each change: who, for whom, out of which conversation, and what it was before."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, staff_actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.desk.models import Staff
from backend.errors import EditConflict
from backend.kit import clock
from backend.plans import service
from backend.products.models import Product
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_product


@pytest.fixture
def products(session: Session, shop: Shop) -> list[Product]:
    return [add_product(session, shop, number) for number in (1, 2)]


def renames(products: list[Product]) -> list[Change]:
    return [Change("product", p.id, "name", p.name, f"new {p.name}", p.code) for p in products]


def test_every_change_leaves_one_event_in_order(session: Session, owner: Actor, products: list[Product]) -> None:
    changes = renames(products)
    apply(
        session, replace(owner, conversation_id="cnv_1"), "product.rename", Source("direct", "edit", "tidier"), changes
    )
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [(e.seq, e.op, e.target_type, e.target_id, e.field, e.before, e.after, e.target_label) for e in events] == [
        (n, "set", c.target_type, c.target_id, c.field, c.before, c.after, c.label) for n, c in enumerate(changes)
    ]
    for event in events:
        assert (event.actor_kind, event.actor_id, event.actor_name) == ("member", owner.id, owner.name)
        assert (event.shop_id, event.conversation_id, event.on_behalf_of) == (owner.shop_id, "cnv_1", None)
        assert (event.action, event.source_type, event.source_id, event.reason) == (
            "product.rename",
            "direct",
            "edit",
            "tidier",
        )
        assert (event.at, event.undone_by) == (clock.now(), None)


def test_staff_act_in_their_own_name_for_the_member(session: Session, shop: Shop, products: list[Product]) -> None:
    staff = session.get_one(Staff, "stf_ops")
    actor = staff_actor(staff, shop.id, "cnv_1", "mem_oneul_owner")
    plan = service.preview(session, actor, "ops.off", {"area": "promotion_crm", "reason": "asked on the phone"})
    service.confirm(session, actor, plan.id, "key")
    event = session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id)).one()
    assert (event.actor_kind, event.actor_id, event.actor_name) == ("operations", staff.id, staff.name)
    assert (event.on_behalf_of, event.conversation_id, event.reason) == (
        "mem_oneul_owner",
        "cnv_1",
        "asked on the phone",
    )
    assert (event.action, event.source_type, event.op, event.field, event.before) == (
        "ops.off",
        "plan",
        "create",
        "*",
        None,
    )


def test_what_is_not_written_is_not_told(session: Session, owner: Actor, products: list[Product]) -> None:
    with pytest.raises(EditConflict):
        apply(session, owner, "test", Source("direct", "edit"), [replace(renames(products)[0], before="not this")])
    session.flush()
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_events_sort_by_their_id_in_the_order_of_writing(
    session: Session, owner: Actor, products: list[Product]
) -> None:
    """The conflict check asks for later events by id."""
    for n in range(20):
        before = products[0].name
        apply(
            session,
            owner,
            "test",
            Source("direct", f"edit_{n}"),
            [Change("product", products[0].id, "name", before, f"name {n}")],
        )
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [e.source_id for e in events] == [f"edit_{n}" for n in range(20)]
