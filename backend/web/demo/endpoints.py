"""The demo mall's admin pages and the identity they give to the widget: /demo."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from backend.access.tokens import issue_identity
from backend.coupons.service import coupon_out, coupons_of
from backend.db.dependencies import ReadSession
from backend.errors import NotFound
from backend.markets.service import markets_of
from backend.operations.catalogue.loader import operations
from backend.shops import setup
from backend.shops.models import Shop
from backend.web.demo import forms
from backend.web.demo.main_page import coming_arrangement, main_page
from backend.web.demo.orders import orders_page
from backend.web.demo.product_names import product_page
from backend.web.demo.sales import sales
from backend.web.demo.show import show
from backend.web.demo.stock import stock_page
from backend.web.demo.visits import MALL_COOKIE, Person, member_of, visit
from backend.web.demo.work_status import lights, off_list, past_runs, waiting_runs
from backend.web.pages import PageRoute
from backend.work_requests.read import request_detail
from backend.work_requests.service import requests_of

router = APIRouter(prefix="/demo", include_in_schema=False, route_class=PageRoute)
FIRST_MALL = "oneuldam"


@router.get("")
def first_mall() -> Response:
    return RedirectResponse(f"/demo/{FIRST_MALL}", 302)


@router.get("/pro-app")
def last_mall_settings(request: Request, session: ReadSession) -> Response:
    """Where the chat's fix links lead; the browser keeps the part after # on its own."""
    mall = request.cookies.get(MALL_COOKIE, FIRST_MALL)
    known = session.scalar(select(Shop.mall_id).where(Shop.mall_id == mall))
    return RedirectResponse(f"/demo/{known or FIRST_MALL}/pro-app", 302)


@router.get("/{mall}/identity")
def identity(
    mall: str, session: ReadSession, response: Response, person: Annotated[str, Query(alias="as")] = Person.OWNER
) -> dict[str, str]:
    """What a mall's own server does for the person who is signed in there."""
    shop = session.scalar(select(Shop).where(Shop.mall_id == mall))
    if shop is None or person not in set(Person):
        raise NotFound("no such mall or person", code="mall_not_found")
    member = member_of(session, shop, Person(person))
    response.headers["Cache-Control"] = "no-store"
    return {"identity": issue_identity(shop.mall_id, member.external_id, shop.identity_secret)}


@router.get("/{mall}")
def home(mall: str, request: Request, session: ReadSession) -> Response:
    seen = visit(session, request, mall)
    shop_id = seen.shop.id
    return show(
        request, seen, "home", sales=sales(session, shop_id), lights=lights(session, shop_id),
        off=off_list(session, shop_id), runs=past_runs(session, shop_id, limit=6),
        groups=main_page(session, shop_id)[:1], missing=[i for i in setup.check_all(session, seen.shop) if not i.done],
    )  # fmt: skip


@router.get("/{mall}/products")
def products(
    mall: str, request: Request, session: ReadSession, q: Annotated[str, Query(max_length=100)] = "",
    changed: bool = False, page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    seen = visit(session, request, mall)
    found = product_page(session, seen.shop.id, q, changed, page)
    return show(request, seen, "products", found=found, q=q, only_changed=changed)


@router.get("/{mall}/orders")
def orders(
    mall: str, request: Request, session: ReadSession,
    everything: Annotated[bool, Query(alias="all")] = False, page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    seen = visit(session, request, mall)
    found = orders_page(session, seen.shop.id, everything=everything, page=page)
    return show(request, seen, "orders", found=found, everything=everything)


@router.get("/{mall}/stock")
def stock(
    mall: str, request: Request, session: ReadSession, q: Annotated[str, Query(max_length=100)] = "", low: bool = False,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    seen = visit(session, request, mall)
    found = stock_page(session, seen.shop.id, q, low=low, page=page)
    return show(request, seen, "stock", found=found, q=q, low=low)


@router.get("/{mall}/display")
def display(mall: str, request: Request, session: ReadSession) -> Response:
    seen = visit(session, request, mall)
    shop_id = seen.shop.id
    return show(
        request, seen, "display", groups=main_page(session, shop_id), coming=coming_arrangement(session, shop_id)
    )


@router.get("/{mall}/coupons")
def coupons(mall: str, request: Request, session: ReadSession) -> Response:
    seen = visit(session, request, mall)
    order = {"live": 0, "issue_stopped": 1, "ended": 2}
    found = sorted((coupon_out(c) for c in coupons_of(session, seen.shop.id)), key=lambda c: order[c.state])
    return show(request, seen, "coupons", coupons=found)


@router.get("/{mall}/status")
def status(
    mall: str, request: Request, session: ReadSession, operation: Annotated[str | None, Query(max_length=60)] = None
) -> Response:
    seen = visit(session, request, mall)
    shop_id = seen.shop.id
    chosen = operation if operation in operations() else None
    return show(
        request, seen, "status", chosen=chosen, operations=list(operations()), off=off_list(session, shop_id),
        waiting=waiting_runs(session, shop_id, chosen), runs=past_runs(session, shop_id, chosen),
    )  # fmt: skip


@router.get("/{mall}/requests")
def requests(mall: str, request: Request, session: ReadSession) -> Response:
    seen = visit(session, request, mall)
    found = [request_detail(session, row) for row in requests_of(session, seen.shop.id)[:40]]
    return show(request, seen, "requests", requests=found)


@router.get("/{mall}/pro-app")
def pro_app(mall: str, request: Request, session: ReadSession) -> Response:
    seen = visit(session, request, mall)
    return show(
        request, seen, "pro-app", items=setup.check_all(session, seen.shop), markets=markets_of(session, seen.shop.id),
        needed_by={key: [o.key for o in operations().values() if key in o.config.asks_for] for key in setup.SetupKey},
    )  # fmt: skip


router.include_router(forms.router)
