"""The way out of advertising that every advertising message carries: one page, one button, no sign-in (facts.md)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.customers.models import Customer
from backend.customers.opt_out_link import customer_of
from backend.db.dependencies import ReadSession, WriteSession
from backend.db.locks import take_turn
from backend.errors import NotFound
from backend.shops.models import Shop
from backend.web.pages import PageRoute, render

router = APIRouter(prefix="/opt-out", include_in_schema=False, route_class=PageRoute)


def _customer(session: Session, token: str) -> Customer:
    customer_id = customer_of(token)
    customer = session.get(Customer, customer_id) if customer_id else None
    if customer is None:
        raise NotFound("no such link", code="opt_out_link_unknown")
    return customer


@router.get("/{token}")
def ask(token: str, request: Request, session: ReadSession) -> Response:
    """Asking changes nothing: mail programs open links by themselves."""
    return _page(request, session, _customer(session, token), token)


@router.post("/{token}")
def opt_out(token: str, request: Request, session: WriteSession) -> Response:
    """Takes both consents back; what is queued is skipped when its time comes."""
    customer = _customer(session, token)
    take_turn(session, [customer.shop_id])  # an impatient second press finds it done
    consents = [
        Change("customer", customer.id, field, True, False, customer.name)
        for field in ("sms_consent", "email_consent") if getattr(customer, field)
    ]  # fmt: skip
    apply(
        session, pro_actor(customer.shop_id), "customer.opted_out", Source("direct", customer.id, "opt_out"), consents
    )
    return _page(request, session, customer, token)


def _page(request: Request, session: Session, customer: Customer, token: str) -> Response:
    shop = session.get_one(Shop, customer.shop_id)
    out = not (customer.sms_consent or customer.email_consent)
    return render(request, "opt-out.html", shop=shop.brand_name or shop.name, out=out, token=token)
