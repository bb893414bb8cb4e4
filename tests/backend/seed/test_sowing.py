"""Planting again changes nothing, an interrupted planting starts over, and the same day gives the same shops."""

import io
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete, func, select

from backend.db.engine import unit_of_work
from backend.desk.models import Staff
from backend.images.look import picture_at
from backend.kit import clock
from backend.markets.models import Listing
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.orders.models import Order
from backend.products.models import Product
from backend.seed.description import SIZES
from backend.seed.images import MOTIFS, draw
from backend.seed.pictures import SHOTS, take
from backend.seed.sow import sow
from backend.seed.staff import LAST_HIRED, LOGINS
from backend.shops.models import Shop


def contents(engine: Engine) -> dict[str, Any]:
    """Everything a person would see, without the ids that the engine gives."""
    with unit_of_work(write=False, engine=engine) as session:
        return {
            "products": session.execute(
                select(Product.code, Product.name, Product.price, Product.shop_id).order_by(Product.id)
            ).all(),
            "titles": session.execute(
                select(Listing.market_product_no, Listing.title, Listing.tags).order_by(
                    Listing.market, Listing.market_product_no
                )
            ).all(),
            "orders": session.execute(select(Order.order_no, Order.total, Order.buyer_name).order_by(Order.id)).all(),
            "runs": sorted(
                (r.shop_id, r.operation, str(r.market), r.scheduled_for, r.state, str(r.result))
                for r in session.scalars(select(Run))
            ),
        }


def test_planting_again_changes_nothing_and_a_reset_gives_the_same_shops(own: Engine) -> None:
    first = contents(own)
    assert sow("small") is False
    assert contents(own) == first
    assert sow("small", reset=True) is True
    assert contents(own) == first


def test_an_interrupted_planting_starts_over(own: Engine) -> None:
    first = contents(own)
    with unit_of_work(engine=own) as session:
        session.execute(delete(Staff).where(Staff.id == LAST_HIRED))
        session.execute(delete(Run).where(Run.shop_id == "shop_oneuldam"))
    with clock.frozen(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)):
        assert sow("small") is True
    assert contents(own) == first


def test_staff_log_in_with_the_printed_passwords(sown: Engine) -> None:
    with unit_of_work(write=False, engine=sown) as session:
        for login, (password, _, role) in LOGINS.items():
            staff = session.scalars(select(Staff).where(Staff.login == login)).one()
            assert PasswordHasher().verify(staff.password_hash, password)
            assert staff.role is role


def test_what_is_missing_in_each_shop_is_what_its_description_says(sown: Engine) -> None:
    with unit_of_work(write=False, engine=sown) as session:
        food, skin = session.get_one(Shop, "shop_hwanggeumbat"), session.get_one(Shop, "shop_dalbitlab")
        assert food.sender_number is None and food.marketplus_linked_at is None and food.pro_app_installed_at
        assert skin.pro_since and (clock.today() - skin.pro_since).days == 21
        assert session.scalar(select(func.count()).select_from(Shop)) == 3


@pytest.mark.parametrize("motif", sorted(MOTIFS))
def test_every_motif_is_drawn_as_well_formed_svg(motif: str) -> None:
    assert ElementTree.fromstring(draw(motif, "b98b73", "가")).tag.endswith("svg")


def test_every_product_has_a_drawing_that_is_served(sown: Engine) -> None:
    from fastapi import FastAPI

    from backend.errors import install_error_handlers
    from backend.images.endpoints import router as pictures
    from backend.seed.images import router

    app = FastAPI()
    install_error_handlers(app)
    app.include_router(router)
    app.include_router(pictures)
    with unit_of_work(write=False, engine=sown) as session:
        images = set(session.scalars(select(Product.image)))
    with TestClient(app) as client:
        for image in images:
            answer = client.get(image)
            drawn = image.startswith("/demo/")
            assert answer.status_code == 200
            assert answer.headers["content-type"] in ({"image/svg+xml"} if drawn else {"image/jpeg", "image/png"})
        assert len([image for image in images if image.startswith("/images/")]) == 3 * SIZES["small"].pictures
        assert client.get("/demo/images/knit-b98b73-<.svg").status_code == 404
        assert client.get("/demo/images/monster-b98b73-가.svg").status_code == 404


def test_a_picture_is_the_same_for_the_same_product_and_another_for_another() -> None:
    for shot in SHOTS[:7]:
        once = take(shot, "knit", "b98b73", "oneuldam P00001")
        assert (
            take(shot, "knit", "b98b73", "oneuldam P00001") == once != take(shot, "knit", "b98b73", "oneuldam P00002")
        )


@pytest.mark.parametrize("motif", sorted(MOTIFS))
def test_every_motif_can_be_drawn_as_a_picture(motif: str) -> None:
    from PIL import Image

    file = io.BytesIO(take(SHOTS[3], motif, "204060", "a"))
    with Image.open(file) as image:
        assert image.size == (SHOTS[3].width, SHOTS[3].height)
        dark = image.convert("L").point(lambda value: 255 if value < 110 else 0).getbbox()
    assert dark is not None and dark[2] - dark[0] > 60


def test_small_shops_show_what_the_new_listing_operations_improved(sown: Engine) -> None:
    with unit_of_work(write=False, engine=sown) as session:
        done = {
            (run.operation, run.shop_id)
            for run in session.scalars(select(Run).where(Run.state == RunState.DONE, Run.market.is_not(None)))
        }
        for operation in ("coupang_seo", "thumbnail", "smartstore_detail"):
            assert (operation, "shop_oneuldam") in done and (operation, "shop_dalbitlab") in done
        drawn = session.scalars(select(Listing.image).where(Listing.image.is_not(None))).all()
        assert len(drawn) > 30
        assert all(picture_at(path) for path in drawn)
        missing = {
            f["code"]
            for run in session.scalars(select(Run).where(Run.operation == "thumbnail"))
            for f in run.findings or []
        }
        assert {"image_too_small", "image_not_square", "image_too_heavy"} <= missing
