"""Representative pictures: what a market refuses is found with its numbers, drawn anew, and put back to the very picture."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.images import store
from backend.images.look import picture_at
from backend.images.store import file_of, keep
from backend.kit import clock
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing, MarketAccount
from backend.operations import lease
from backend.operations.catalogue.loader import operation_named
from backend.operations.contract import Finding, RunPlan
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.images.build import picture
from tests.backend.operations.conftest import add_run
from tests.backend.products.build import make_listing, make_product

OPERATION = operation_named("thumbnail")


class Killed(BaseException):
    """The process is gone: nothing after this point of it happens."""


def shown_as(
    session: Session, shop: Shop, content: bytes | None, market: Market = Market.SMARTSTORE, code: str = "P00001"
) -> Listing:
    product = make_product(session, shop, code, "울 가디건")
    product.image = keep(shop.mall_id, content, "jpg") if content else None
    return make_listing(session, product, market)


def looked(
    session: Session, shop: Shop, market: Market = Market.SMARTSTORE, **over: Any
) -> tuple[list[Finding], RunPlan]:
    config = OPERATION.config.model_copy(update=over)
    findings = OPERATION.diagnose(session, shop, market, NOW, config)
    planned = OPERATION.plan(session, shop, market, findings, NOW, config)
    assert planned == OPERATION.plan(session, shop, market, findings, NOW, config)
    return findings, planned


def codes(session: Session, shop: Shop, market: Market = Market.SMARTSTORE) -> dict[str, dict[str, Any]]:
    return {finding.code: finding.evidence for finding in looked(session, shop, market)[0]}


def test_a_good_square_needs_nothing(session: Session, shop: Shop) -> None:
    shown_as(session, shop, picture(1000, 1000))
    assert looked(session, shop)[0] == []


def test_a_slanted_small_picture_is_both_and_is_planned_once(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, picture(800, 400))
    findings, planned = looked(session, shop)
    assert [f.code for f in findings] == ["image_too_small", "image_not_square"]
    assert {key: findings[0].evidence[key] for key in ("width", "height", "min_px", "before")} == {
        "width": 800, "height": 400, "min_px": 600, "before": None,
    }  # fmt: skip
    (change,) = planned.changes
    assert (change.target_id, change.field, change.before) == (listing.id, "image", None)
    assert file_of(change.after) and not file_of(change.after).is_file()  # nothing is drawn by looking
    assert planned.rule == {
        "code": "market_picture_size", "market": "smartstore", "side": 1000, "min_px": 600, "max_mb": 20,
        "rules_version": limits_of(Market.SMARTSTORE).version, "products": 1, "left": 0,
    }  # fmt: skip


def test_each_market_has_its_own_limits(session: Session, shop: Shop) -> None:
    small = shown_as(session, shop, picture(500, 500), Market.COUPANG)
    for market in (Market.SMARTSTORE, Market.GMARKET):
        make_listing(session, session.get_one(Product, small.product_id), market)
    assert codes(session, shop, Market.COUPANG) == {}
    assert set(codes(session, shop, Market.GMARKET)) == {"image_too_small"}


def test_a_file_over_the_weight_and_one_over_the_pixels_are_found(
    session: Session, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_as(session, shop, picture(1000, 1000) + b"\0" * 2_100_000, Market.GMARKET)
    assert codes(session, shop, Market.GMARKET)["image_too_heavy"]["max_mb"] == 2
    shown_as(session, shop, picture(5200, 5200), Market.COUPANG, "P00002")
    assert codes(session, shop, Market.COUPANG)["image_too_large"]["max_px"] == 5000


def test_a_listing_smaller_than_its_large_original_could_be_is_found(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, picture(1200, 1200))
    listing.image = store.drawn_path(session.get_one(Product, listing.product_id).image or "", 700, "an older size")
    store.put(listing.image, picture(700, 700))
    assert codes(session, shop)["image_below_advised"]["advised_px"] == 1000


def test_without_an_original_the_merchant_is_told_and_nothing_is_made_up(session: Session, shop: Shop) -> None:
    shown_as(session, shop, None)
    findings, planned = looked(session, shop)
    assert [f.code for f in findings] == ["image_missing"] and planned.changes == []


def test_a_listing_whose_picture_is_lost_gets_the_malls(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, picture(1000, 1000))
    listing.image = "/images/oneul/0123456789abcdef0123.jpg"
    findings, planned = looked(session, shop)
    assert [f.code for f in findings] == ["image_missing"] and len(planned.changes) == 1


def test_the_merchants_own_picture_for_the_market_is_what_is_drawn(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, picture(1000, 1000))
    listing.image = own = keep(shop.mall_id, picture(900, 500), "jpg")
    (change,) = looked(session, shop)[1].changes
    assert store.original_of(change.after) == file_of(own)


def test_a_picture_kept_elsewhere_is_not_judged(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, None)
    session.get_one(Product, listing.product_id).image = "/demo/images/knit-b98b73-가.svg"
    assert looked(session, shop)[0] == []


def test_hidden_products_and_other_shops_are_left_alone(session: Session, shop: Shop) -> None:
    listing = shown_as(session, shop, picture(300, 300))
    session.get_one(Product, listing.product_id).status = SaleStatus.HIDDEN
    shown_as(session, session.get_one(Shop, "shop_other"), picture(300, 300))
    assert looked(session, shop)[0] == []


def test_a_run_draws_at_most_its_limit(session: Session, shop: Shop) -> None:
    for number in range(1, 5):
        shown_as(session, shop, picture(300 + number, 300), code=f"P0000{number}")
    planned = looked(session, shop, per_run_limit=3)[1]
    assert (len(planned.changes), planned.rule["products"], planned.rule["left"]) == (3, 3, 1)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(width=st.integers(40, 1400), height=st.integers(40, 1400), market=st.sampled_from(OPEN_MARKETS))
def test_whatever_the_size_what_is_drawn_is_right_for_the_market(
    session: Session, shop: Shop, width: int, height: int, market: Market
) -> None:
    with_savepoint = session.begin_nested()
    listing = shown_as(session, shop, picture(width, height), market)
    planned = looked(session, shop, market)[1]
    assert OPERATION.prepare is not None
    assert OPERATION.prepare(market, planned.changes, OPERATION.config) == planned.changes
    for change in planned.changes:
        listing.image = change.after
        drawn, limits = picture_at(change.after), limits_of(market).image
        assert drawn is not None and limits is not None
        assert drawn.width == drawn.height == limits.advised_px
        assert drawn.weight <= limits.max_mb * 1_000_000
    assert looked(session, shop, market)[0] == []
    with_savepoint.rollback()
    session.expire_all()


@pytest.fixture
def due(session: Session, shop: Shop) -> tuple[str, str]:
    """A run of two pictures that is due, and one of its listings."""
    listing = shown_as(session, shop, picture(800, 600))
    shown_as(session, shop, picture(300, 300), code="P00002")
    run = add_run(session, shop, "thumbnail", Market.SMARTSTORE, scheduled_for=clock.now())
    session.commit()
    return run.id, listing.id


def image_of(listing_id: str) -> str | None:
    with unit_of_work(write=False) as session:
        return session.get_one(Listing, listing_id).image


def test_a_run_draws_and_undo_puts_the_very_picture_back_for_good(
    due: tuple[str, str], owner: Actor, shop: Shop
) -> None:
    run_id, listing_id = due
    assert execute(run_id, "w") is RunState.DONE
    drawn = picture_at(image_of(listing_id))
    assert drawn is not None and (drawn.width, drawn.height) == (1000, 1000)
    with unit_of_work() as session:
        undo = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
        plans.confirm(session, owner, undo.id, "key")
    assert image_of(listing_id) is None
    with unit_of_work(write=False) as session:
        assert looked(session, session.get_one(Shop, shop.id))[1].changes == []


@pytest.mark.parametrize("step", ["claimed", "computed", "prepared", "applied"])
def test_killed_at_any_step_the_listing_points_to_nothing_half_made(step: str, due: tuple[str, str]) -> None:
    run_id, listing_id = due

    def kill(at: str) -> None:
        if at == step:
            raise Killed

    with pytest.raises(Killed):
        execute(run_id, "w1", kill)
    assert image_of(listing_id) is None
    with clock.frozen(clock.now() + lease.LEASE):
        assert execute(run_id, "w2") is RunState.DONE
    assert picture_at(image_of(listing_id)) is not None


def test_killed_in_the_middle_of_drawing_leaves_no_half_file(
    due: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, listing_id = due
    real: Callable[..., bytes] = OPERATION.prepare.__globals__["draw"]  # type: ignore[union-attr]
    done: list[int] = []

    def die_at_the_second(*given: Any) -> bytes:
        if done:
            raise Killed
        done.append(1)
        return real(*given)

    monkeypatch.setitem(OPERATION.prepare.__globals__, "draw", die_at_the_second)  # type: ignore[union-attr]
    with pytest.raises(Killed):
        execute(run_id, "w1")
    folder = store.original_of(_original(listing_id)).parent
    assert image_of(listing_id) is None
    assert [file.name for file in folder.iterdir() if file.name.startswith(".")] == []
    assert len([file for file in folder.iterdir() if "-1000-" in file.name]) == 1
    monkeypatch.setitem(OPERATION.prepare.__globals__, "draw", real)  # type: ignore[union-attr]
    with clock.frozen(clock.now() + lease.LEASE):
        assert execute(run_id, "w2") is RunState.DONE
    assert len([file for file in folder.iterdir() if "-1000-" in file.name]) == 2


def _original(listing_id: str) -> str:
    with unit_of_work(write=False) as session:
        product = session.get_one(Product, session.get_one(Listing, listing_id).product_id)
        return product.image or ""


def test_an_original_that_breaks_off_holds_up_no_other(due: tuple[str, str]) -> None:
    run_id, listing_id = due
    whole = picture(800, 600)
    store.original_of(_original(listing_id)).write_bytes(whole[: len(whole) - 300])
    assert execute(run_id, "w") is RunState.DONE
    with unit_of_work(write=False) as session:
        run = session.get_one(Run, run_id)
        assert (run.result["targets"], len(run.planned)) == (1, 1)
        assert listing_id in {finding["target_id"] for finding in run.findings}
    assert image_of(listing_id) is None


def test_when_nothing_can_be_drawn_the_run_ends_with_nothing(due: tuple[str, str], session: Session) -> None:
    for listing_id in ("lst_prd_oneul_P00001_smartstore", "lst_prd_oneul_P00002_smartstore"):
        file = store.original_of(_original(listing_id))
        file.write_bytes(file.read_bytes()[:-300])
    assert execute(due[0], "w") is RunState.NOTHING


def test_the_work_status_shows_a_picture_by_its_size(
    due: tuple[str, str], session: Session, client: Any, owner: Actor
) -> None:
    run_id, _ = due
    execute(run_id, "w")
    session.rollback()
    changes = client(owner).get(f"/api/operations/runs/{run_id}").json()["changes"]
    assert changes[0]["before_shown"].startswith("800×600 · ") and changes[0]["after_shown"].startswith("1000×1000 · ")
    undo = (
        client(owner)
        .post("/api/plans", json={"kind": "undo", "params": {"source_type": "run", "source_id": run_id}})
        .json()
    )
    told = next(c for c in undo["changes"] if c["field"] == "image" and c["label"] == changes[0]["label"])
    assert told["before_shown"].startswith("1000×1000")


def test_an_unconnected_market_draws_nothing(due: tuple[str, str], session: Session, shop: Shop) -> None:
    run_id, listing_id = due
    session.get_one(MarketAccount, f"mka_{shop.mall_id}_smartstore").credentials_until = clock.now() - timedelta(days=1)
    session.commit()
    assert execute(run_id, "w") is RunState.DROPPED
    assert image_of(listing_id) is None
    assert not [f for f in store.original_of(_original(listing_id)).parent.iterdir() if "-1000-" in f.name]
