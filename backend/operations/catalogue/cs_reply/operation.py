"""Reply drafts for open inquiries: written where the shop's facts are enough, left to a person where they are not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.inquiries.facts import Known, Limits, facts_for
from backend.inquiries.models import Inquiry
from backend.inquiries.reply import draft_of
from backend.inquiries.states import InquiryState, Topic
from backend.inquiries.topics import topic_of
from backend.markets.codes import Market
from backend.markets.put_back import is_restored, restored_values
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.looking import seen_once
from backend.products.models import Product
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan"]


class Rules(BaseModel, extra="forbid"):
    order_days: int = Field(ge=1)
    size_attributes: dict[str, str]
    no_exchange: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    inquiry: Inquiry
    topic: Topic
    known: Known
    label: str


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each open inquiry, wherever it was asked, oldest first."""
    return [
        Finding(
            "inquiry_for_a_person" if one.known.missing else "inquiry_answerable", "inquiry", one.inquiry.id, one.label,
            {
                "topic": one.topic.value, "market": one.inquiry.market.value, "asked_at": one.inquiry.asked_at.isoformat(), "buyer": one.inquiry.buyer_name,
                "missing": one.known.missing,
            },
        )
        for one in _read(session, shop, now, config)
    ]  # fmt: skip


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """Topic, draft and state of each inquiry together, at most `per_run_limit`."""
    wanted = {finding.target_id for finding in findings}
    current = [one for one in _read(session, shop, now, config) if one.inquiry.id in wanted]
    ready = [one for one in current if not one.known.missing]
    chosen = ready[: config.per_run_limit or None]
    name = shop.brand_name or shop.name
    changes = [change for one in chosen for change in _changes(one, name)]
    left = Counter(one.known.missing for one in current if one.known.missing)
    return RunPlan(changes, {
        "code": "facts_into_templates", "inquiries": len(current), "drafts": len(chosen),
        "left": len(ready) - len(chosen), "for_a_person": sum(left.values()), "missing": dict(sorted(left.items())),
    })  # fmt: skip


def _changes(one: _Read, shop: str) -> list[Change]:
    inquiry = one.inquiry
    draft = draft_of(one.topic, shop, inquiry.buyer_name, one.known.context)
    before = inquiry.topic.value if inquiry.topic else None
    topic = [Change("inquiry", inquiry.id, "topic", before, one.topic.value, one.label)] if before != one.topic else []
    return [
        *topic,
        Change("inquiry", inquiry.id, "draft", inquiry.draft, draft, one.label),
        Change("inquiry", inquiry.id, "state", inquiry.state.value, InquiryState.DRAFTED.value, one.label),
    ]


def _read(session: Session, shop: Shop, now: datetime, config: OperationConfig) -> list[_Read]:
    return seen_once(session, ("inquiries", shop.id, now), lambda: list(_open(session, shop, now, config)))


def _open(session: Session, shop: Shop, now: datetime, config: OperationConfig) -> Iterator[_Read]:
    """Open inquiries without those whose draft the merchant took back: they want to write themselves."""
    rules = Rules.model_validate(config.rules)
    limits = Limits(rules.order_days, rules.size_attributes, rules.no_exchange)
    restored = restored_values(session, shop.id, "inquiry")
    query = (
        select(Inquiry, Product.name)
        .outerjoin(Product, Product.id == Inquiry.product_id)
        .where(Inquiry.shop_id == shop.id, Inquiry.state == InquiryState.OPEN, Inquiry.asked_at <= now)
        .order_by(Inquiry.asked_at, Inquiry.id)
    )
    for inquiry, product in session.execute(query).tuples():
        if is_restored(restored, inquiry.id, "draft", inquiry.draft):
            continue
        topic = topic_of(inquiry.text)
        yield _Read(inquiry, topic, facts_for(session, inquiry, topic, now, limits), product or inquiry.buyer_name)
