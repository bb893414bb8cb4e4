"""The one writer: only what is registered, only on what it was computed on, only in one's own shop."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change, create, digest
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, CONVERSATION_ID, NOW, SOURCE_ID, resolve
from backend.db.engine import unit_of_work
from backend.errors import EditConflict, NotFound
from backend.kit import clock
from backend.operations.models import OffSwitch
from backend.products.models import Product
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_product

SOURCE = Source("direct", "edit_1", "because")
RENAME = Change("product", "prd_oneul_01", "name", "상품 1", "new name", "label")


@pytest.fixture
def product(session: Session, shop: Shop) -> Product:
    return add_product(session, shop, 1)


def test_a_change_writes_its_field_and_counts_the_edit(session: Session, owner: Actor, product: Product) -> None:
    version = product.version
    written = apply(session, owner, "product.rename", SOURCE, [RENAME])
    assert (product.name, product.version, written) == ("new name", version + 1, [RENAME])


@pytest.mark.parametrize("change", [
    replace(RENAME, field="price", before=30_001, after=1),
    replace(RENAME, field="shop_id", before="shop_oneul", after="shop_other"),
    replace(RENAME, field="id", before="prd_oneul_01", after="x"),
    replace(RENAME, target_id="prd_none"),
])  # fmt: skip
def test_nothing_but_the_registered_fields_is_ever_written(
    session: Session, owner: Actor, product: Product, change: Change
) -> None:
    with pytest.raises(NotFound):
        apply(session, owner, "test", SOURCE, [change])
    assert (product.name, product.price, product.shop_id) == ("상품 1", 30_001, "shop_oneul")


def test_a_strangers_thing_is_not_there(session: Session, stranger: Actor, product: Product) -> None:
    with pytest.raises(NotFound):
        apply(session, stranger, "product.rename", SOURCE, [RENAME])


def test_a_field_that_moved_is_not_overwritten(session: Session, owner: Actor, product: Product) -> None:
    product.name = "by hand"
    with pytest.raises(EditConflict) as refused:
        apply(session, owner, "product.rename", SOURCE, [RENAME])
    assert refused.value.data == {
        "target": "product", "target_id": product.id, "field": "name", "expected": "상품 1", "found": "by hand",
    }  # fmt: skip
    assert product.name == "by hand"


def test_of_several_changes_all_are_written_or_none(session: Session, owner: Actor, product: Product) -> None:
    session.commit()
    with pytest.raises(EditConflict), unit_of_work() as writing:
        apply(writing, owner, "test", SOURCE, [RENAME, replace(RENAME, before="not this")])
    with unit_of_work(write=False) as fresh:
        assert fresh.get_one(Product, product.id).name == "상품 1"
        assert not fresh.scalars(select(AuditEvent)).all()


def test_a_created_row_belongs_to_the_actors_shop_and_names_its_id(session: Session, owner: Actor) -> None:
    after = {"operation": "main_display", "set_by": ACTOR_NAME, "set_by_id": ACTOR_ID, "set_at": NOW}
    (written,) = apply(session, owner, "ops.off", SOURCE, [create("off_switch", after, "label")])
    switch = session.get_one(OffSwitch, written.target_id)
    assert (switch.shop_id, switch.set_by, switch.set_by_id, switch.set_at) == (
        owner.shop_id,
        owner.name,
        owner.id,
        clock.now(),
    )
    assert written.after == {**after, "set_by": owner.name, "set_by_id": owner.id, "set_at": clock.now().isoformat()}


def test_placeholders_are_known_by_what_they_are_not_by_how_they_are_spelt(owner: Actor) -> None:
    known = [clock.now().isoformat(), owner.id, owner.name, owner.conversation_id, SOURCE.id]
    with clock.frozen(clock.now()):
        known[0] = clock.now().isoformat()
        placeholders = [NOW, ACTOR_ID, ACTOR_NAME, CONVERSATION_ID, SOURCE_ID]
        assert [resolve(p, owner, SOURCE) for p in placeholders] == known
        assert [resolve(str.__str__(p), owner, SOURCE) for p in placeholders] == [str.__str__(p) for p in placeholders]
    assert resolve(None, owner, SOURCE) is None
    assert resolve({"$now": "$now"}, owner, SOURCE) == {"$now": "$now"}


def test_a_preview_and_its_execution_have_one_digest(owner: Actor) -> None:
    change = create("off_switch", {"set_at": NOW})
    assert digest([change], []) == digest([replace(change)], [])
    assert digest([change], []) != digest([change, change], [])
    assert digest([change], []) != digest([replace(change, label="other")], [])


def test_pro_writes_through_the_same_door(session: Session, shop: Shop, product: Product) -> None:
    apply(session, pro_actor(shop.id), "run.product_name", Source("run", "run_1"), [RENAME])
    event = session.scalars(select(AuditEvent)).one()
    assert (event.actor_kind, event.actor_name, event.source_type, event.source_id) == ("pro", "PRO", "run", "run_1")
