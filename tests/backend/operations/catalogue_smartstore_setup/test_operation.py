"""A new SmartStore is set up once: pictures on disk, categories from the mall, the merchant's own things untouched."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes import undo
from backend.changes.apply import apply
from backend.images.store import file_of
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.storefront import FIELDS, StoreProfile
from backend.operations import gate
from backend.operations.catalogue.smartstore_setup import operation
from backend.operations.lease import LEASE
from backend.operations.runner import execute
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.shops.models import Shop
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import add_product, add_run
from tests.backend.plans.whole_state import TRACES, difference, rolled_back, whole_state

KEY, HERE = "smartstore_setup", Market.SMARTSTORE
SIZES = {"profile_image": (1000, 1000), "banner_pc": (1920, 600), "banner_mobile": (750, 600)}


@pytest.fixture
def store(session: Session, shop: Shop) -> Shop:
    for number, category in ((1, "여성의류 > 니트 > 가디건"), (2, "여성의류 > 코트"), (3, "여성의류 > 니트 > 스웨터")):
        add_product(session, shop, number, category=category)
    session.commit()
    return shop


def profile(session: Session, shop: Shop, **fields: object) -> StoreProfile:
    row = StoreProfile(id="stp_1", shop_id=shop.id, market=HERE, **fields)
    session.add(row)
    session.flush()
    return row


def held(row: StoreProfile) -> dict[str, object]:
    return {name: getattr(row, name) for name in FIELDS}


def test_a_store_without_anything_gets_pictures_and_categories(session, store) -> None:
    findings, planned = look(session, store, KEY, HERE)
    assert [f.code for f in findings] == [f"{field}_missing" for field in FIELDS]
    assert {f.label for f in findings} == {"오늘담"}
    (change,) = planned.changes
    assert (change.op, change.after["market"]) == ("create", "smartstore")
    assert change.after["display_categories"] == [
        "여성의류", "여성의류 > 니트", "여성의류 > 니트 > 가디건", "여성의류 > 니트 > 스웨터", "여성의류 > 코트",
    ]  # fmt: skip
    assert (planned.rule["pictures"], planned.rule["categories"]) == (3, 5)


def test_looking_makes_no_file_and_a_run_makes_them_of_the_markets_sizes(session, store) -> None:
    wished = look(session, store, KEY, HERE)[1].changes[0].after
    assert not any(file_of(wished[field]).exists() for field in SIZES)
    assert carried_out(session, store, KEY, HERE)[1] is RunState.DONE
    row = session.scalars(select(StoreProfile)).one()
    for field, size in SIZES.items():
        assert getattr(row, field) == wished[field]
        with Image.open(file_of(wished[field])) as image:
            assert image.size == size


def test_it_acts_once_whatever_comes_later(session, store) -> None:
    carried_out(session, store, KEY, HERE)
    add_product(session, store, 9, category="패션잡화 > 머플러")
    store.brand_name = "새이름"
    session.commit()
    later = clock.now() + timedelta(days=90)
    with clock.frozen(later):
        assert look(session, store, KEY, HERE)[0] == []
        assert gate.decide(session, store, Unit(KEY, HERE), later, look=True).blockers[0] == "nothing_to_improve"


def test_what_the_merchant_has_set_stays_and_only_the_rest_is_filled(session, store) -> None:
    row = profile(session, store, profile_image="https://shop.example/logo.png", display_categories=["베스트"])
    planned = look(session, store, KEY, HERE)[1]
    assert [(c.op, c.field, c.before) for c in planned.changes] == [
        ("set", "banner_pc", None),
        ("set", "banner_mobile", None),
    ]
    assert carried_out(session, store, KEY, HERE)[1] is RunState.DONE
    assert (row.profile_image, row.display_categories) == ("https://shop.example/logo.png", ["베스트"])
    assert all(file_of(path).is_file() for path in (row.banner_pc, row.banner_mobile))


def test_undo_takes_it_all_down_and_it_is_not_done_again(session, store, owner: Actor) -> None:
    run_id, _ = carried_out(session, store, KEY, HERE)
    row = session.scalars(select(StoreProfile)).one()
    made = held(row)
    undone = take_back(session, owner, run_id)
    assert held(row) == {"profile_image": None, "banner_pc": None, "banner_mobile": None, "display_categories": []}
    assert look(session, store, KEY, HERE)[0] == []
    take_back(session, owner, undone, "plan")
    assert held(row) == made


def test_undo_leaves_what_the_merchant_put_in_its_place(session, store, owner: Actor) -> None:
    run_id, _ = carried_out(session, store, KEY, HERE)
    row = session.scalars(select(StoreProfile)).one()
    row.banner_pc = "https://shop.example/banner.png"
    session.commit()
    take_back(session, owner, run_id)
    assert (row.banner_pc, row.profile_image) == ("https://shop.example/banner.png", None)


def test_a_single_banner_put_back_stays_away(session, store, owner: Actor) -> None:
    row = profile(session, store, profile_image="/a.png", banner_pc="/b.png", display_categories=["베스트"])
    run_id, _ = carried_out(session, store, KEY, HERE)
    take_back(session, owner, run_id)
    assert row.banner_mobile is None
    assert look(session, store, KEY, HERE)[0] == []


def test_when_a_picture_cannot_be_made_nothing_is_written(session, store, monkeypatch) -> None:
    def gone(*_: object) -> bytes:
        raise OSError("the disk is full")

    monkeypatch.setattr(operation, "store_picture", gone)
    _, state = carried_out(session, store, KEY, HERE)
    assert state is RunState.FAILED
    assert session.scalars(select(StoreProfile)).first() is None


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("step", ["computed", "prepared", "applied"])
def test_killed_at_any_step_the_store_is_untouched_and_another_worker_finishes(session, store, step) -> None:
    run_id = add_run(session, store, KEY, HERE, scheduled_for=clock.now()).id
    session.commit()

    def kill(at: str) -> None:
        if at == step:
            raise Killed

    with pytest.raises(Killed):
        execute(run_id, "w1", kill)
    session.expire_all()
    assert session.scalars(select(StoreProfile)).first() is None
    session.commit()
    with clock.frozen(clock.now() + LEASE):
        assert execute(run_id, "w2") is RunState.DONE
    session.expire_all()
    row = session.scalars(select(StoreProfile)).one()
    assert all(file_of(getattr(row, field)).is_file() for field in SIZES)


def test_a_store_without_products_gets_pictures_only(session, shop) -> None:
    findings, planned = look(session, shop, KEY, HERE)
    assert [f.code for f in findings] == ["profile_image_missing", "banner_pc_missing", "banner_mobile_missing"]
    assert "display_categories" not in planned.changes[0].after


def test_another_shops_profile_does_not_count(session, store, stranger: Actor) -> None:
    carried_out(session, store, KEY, HERE)
    theirs = session.get_one(Shop, stranger.shop_id)
    assert len(look(session, theirs, KEY, HERE)[0]) == 3


OWN = st.fixed_dictionaries({}, optional={
    "profile_image": st.sampled_from([None, "/p.png"]), "banner_pc": st.sampled_from([None, "/b.png"]),
    "banner_mobile": st.sampled_from([None, "/m.png"]), "display_categories": st.sampled_from([[], ["베스트"]]),
})  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.none() | OWN, st.sets(st.sampled_from(["신상", "신상 > 니트", "잡화 > 컵 > 머그 > 소형"]), max_size=3))
def test_whatever_is_there_is_kept_and_an_undo_restores_it(session, shop, own, categories) -> None:
    with rolled_back(session):
        for number, category in enumerate(sorted(categories), 1):
            add_product(session, shop, number, category=category)
        if own is not None:
            profile(session, shop, **own)
        before = whole_state(session, TRACES, versions=False)
        planned = look(session, shop, KEY, HERE)[1]
        assert planned == look(session, shop, KEY, HERE)[1]
        assert difference(before, whole_state(session, TRACES, versions=False)) == {}
        source = Source("run", new_id("run"))
        apply(session, pro_actor(shop.id), f"run.{KEY}", source, planned.changes)
        row = session.scalars(select(StoreProfile)).one()
        assert all(getattr(row, name) == value for name, value in (own or {}).items() if value)
        assert look(session, shop, KEY, HERE)[1].changes == []
        events = undo.events_of(session, shop.id, "run", source.id)
        apply(session, pro_actor(shop.id), "undo", Source("plan", "pln"), undo.inverse(session, shop.id, events))
        if own is not None:
            assert difference(before, whole_state(session, TRACES, versions=False)) == {}
        else:
            assert not any(held(row).values())
