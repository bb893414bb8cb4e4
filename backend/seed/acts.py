"""What people did in the replayed weeks, through the same plans and services that the product gives them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor, staff_actor
from backend.db.engine import unit_of_work
from backend.desk.models import Staff
from backend.plans import service as plans
from backend.seed.description import Act, ShopDescription
from backend.seed.staff import LOGINS
from backend.shops.models import Member
from backend.work_requests import service as work_requests
from backend.work_requests.advance import advance
from backend.work_requests.states import RequestState


def perform(shop: ShopDescription, product_ids: dict[str, str], act: Act, today: date) -> None:
    with unit_of_work() as session:
        actor = _actor(session, shop, act.by)
        if act.plan:
            plan = plans.preview(session, actor, act.plan, _filled(act.params, product_ids, today))
            plans.confirm(session, actor, plan.id, f"seed {plan.id}")
        if act.advance:
            request = work_requests.request_numbered(session, actor.shop_id, act.advance.number)
            advance(session, actor, request.id, RequestState(act.advance.state), act.advance.reason)
        if act.comment:
            request = work_requests.request_numbered(session, actor.shop_id, act.comment.number)
            work_requests.add_comment(session, actor, request, act.comment.text)


def _actor(session: Session, shop: ShopDescription, by: str) -> Actor:
    shop_id = f"shop_{shop.mall_id}"
    if by in LOGINS:
        return staff_actor(session.scalars(select(Staff).where(Staff.login == by)).one(), shop_id)
    return member_actor(session.get_one(Member, f"mem_{shop.mall_id}_{by}"))


def _filled(value: Any, product_ids: dict[str, str], today: date) -> Any:
    """The marks "@product:…" and "@day:…" replaced by an id and an ISO date."""
    if isinstance(value, dict):
        return {key: _filled(inner, product_ids, today) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith("@product:"):
        return product_ids[value.removeprefix("@product:")]
    if isinstance(value, str) and value.startswith("@day:"):
        return (today + timedelta(days=int(value.removeprefix("@day:")))).isoformat()
    return value
