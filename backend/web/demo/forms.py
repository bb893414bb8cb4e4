"""The forms of the demo mall's pages; every one is a POST from our own page and leaves an audit event."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from backend.access.dependencies import owned
from backend.coupons.models import Coupon
from backend.db.dependencies import WriteSession
from backend.errors import InvalidInput
from backend.markets.codes import Market
from backend.products.service import product_named
from backend.web.demo import edits
from backend.web.demo.show import COOKIE_DAYS, done
from backend.web.demo.visits import PERSON_COOKIE, Person, visit
from backend.web.pages import PageRoute
from backend.web.same_origin import FromOurPage
from backend.work_requests.service import add_comment, request_numbered

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Text = Annotated[str, Form(max_length=4000)]
COMMENT_MAX = 2000


@router.post("/{mall}/as")
def sit_down(
    mall: str, request: Request, session: WriteSession, person: Annotated[Person, Form(alias="as")], _: FromOurPage
) -> Response:
    """Look at the mall as the owner or as the sub-operator."""
    seen = visit(session, request, mall)
    answer = RedirectResponse(seen.root, 303)
    answer.set_cookie(PERSON_COOKIE, person.value, max_age=COOKIE_DAYS, path="/demo", httponly=True, samesite="lax")
    return answer


@router.post("/{mall}/products/{product_id}/name")
def rename_product(
    mall: str, product_id: str, request: Request, session: WriteSession, seen: Text, name: Text, _: FromOurPage
) -> Response:
    at = visit(session, request, mall)
    saved = edits.rename_product(session, at.actor, product_id, seen, name)
    return done(request, at, "products", "name_saved", name=saved)


@router.post("/{mall}/listings/{listing_id}/title")
def retitle_listing(
    mall: str, listing_id: str, request: Request, session: WriteSession, seen: Text, name: Text, _: FromOurPage
) -> Response:
    at = visit(session, request, mall)
    saved = edits.retitle_listing(session, at.actor, listing_id, seen, name)
    return done(request, at, "products", "name_saved", name=saved)


@router.post("/{mall}/display/pin")
def pin(
    mall: str, request: Request, session: WriteSession, product_id: Text, group: Text,
    position: Annotated[int, Form(ge=1)], _: FromOurPage,
) -> Response:  # fmt: skip
    at = visit(session, request, mall)
    params = {"product_id": product_id, "position": position, "group": group}
    said = next(
        e for e in edits.carry_out(session, at.actor, "display.pin", params).effects if e["code"] == "display_pinned"
    )
    return done(request, at, "display", "pinned", **said["data"])


@router.post("/{mall}/display/unpin")
def unpin(
    mall: str, request: Request, session: WriteSession, product_id: Text, group: Text, _: FromOurPage
) -> Response:
    at = visit(session, request, mall)
    edits.carry_out(session, at.actor, "display.unpin", {"product_id": product_id, "group": group})
    product = product_named(session, at.shop.id, product_id)
    return done(request, at, "display", "unpinned", product=product.name if product else product_id)


@router.post("/{mall}/coupons/{coupon_id}/stop")
def stop_coupon(mall: str, coupon_id: str, request: Request, session: WriteSession, _: FromOurPage) -> Response:
    at = visit(session, request, mall)
    coupon = owned(session.get(Coupon, coupon_id), at.actor)
    edits.carry_out(session, at.actor, "coupon.stop", {"coupon_id": coupon.id})
    return done(request, at, "coupons", "coupon_stopped", coupon=coupon.name)


@router.post("/{mall}/off/{switch_id}/on")
def switch_on(mall: str, switch_id: str, request: Request, session: WriteSession, _: FromOurPage) -> Response:
    at = visit(session, request, mall)
    edits.carry_out(session, at.actor, "ops.on", {"switch_id": switch_id})
    return done(request, at, "status", "switched_on")


@router.post("/{mall}/pro-app/markets/{market}")
def connect_market(
    mall: str, market: Market, request: Request, session: WriteSession, seller_id: Text, _: FromOurPage
) -> Response:
    at = visit(session, request, mall)
    edits.connect_market(session, at.actor, market, seller_id)
    return done(request, at, "pro-app", "market_saved", market=market.value)


@router.post("/{mall}/pro-app/{item}")
def complete_setup(
    mall: str, item: str, request: Request, session: WriteSession, _: FromOurPage,
    value: Text = "", name: Text = "", intro: Text = "",
) -> Response:  # fmt: skip
    at = visit(session, request, mall)
    given = (
        {key: text for key, text in (("name", name.strip()), ("intro", intro.strip())) if text} or value.strip() or None
    )
    edits.carry_out(session, at.actor, "setup.complete", {"item": item, "value": given})
    return done(request, at, "pro-app", "setup_saved", item=item)


@router.post("/{mall}/requests/{number}/withdraw")
def withdraw(mall: str, number: int, request: Request, session: WriteSession, _: FromOurPage) -> Response:
    at = visit(session, request, mall)
    edits.carry_out(session, at.actor, "work_request.withdraw", {"number": number})
    return done(request, at, "requests", "request_withdrawn", number=number)


@router.post("/{mall}/requests/{number}/comments")
def comment(mall: str, number: int, request: Request, session: WriteSession, text: Text, _: FromOurPage) -> Response:
    at = visit(session, request, mall)
    add_comment(session, at.actor, request_numbered(session, at.shop.id, number), _worth_saying(text))
    return done(request, at, "requests", "commented")


def _worth_saying(text: str) -> str:
    if not text.strip():
        raise InvalidInput("nothing was said", code="text_empty")
    if len(text) > COMMENT_MAX:
        raise InvalidInput("too long", code="text_too_long", max=COMMENT_MAX)
    return text.strip()
