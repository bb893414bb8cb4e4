"""Messages to buyers: thanks after a first purchase, news for those who stayed away; queued here, sent by the worker."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.changes.change import Change, create
from backend.changes.sentinels import SOURCE_ID
from backend.customers.credit import TOP_UP, balances, top_up_needed
from backend.customers.models import CREDIT_OF, CreditKind
from backend.customers.quiet_hours import earliest
from backend.customers.states import MessageState
from backend.markets.codes import Market
from backend.operations.catalogue.crm_message.audience import Audience, Recipient, audiences
from backend.operations.catalogue.crm_message.off import when_off
from backend.operations.catalogue.crm_message.rules import Rules
from backend.operations.catalogue.crm_message.writing import write
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "plan", "when_off"]
FOUND = {"first_purchase": "first_buyers", "win_back": "buyers_stay_away"}


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """One finding for each audience somebody is in, even where nobody of it may be written to."""
    rules = Rules.model_validate(config.rules)
    days = {"first_purchase": rules.first_purchase_days, "win_back": rules.win_back_after_days}
    return [
        Finding(
            FOUND[audience.name], "audience", audience.name, audience.name,
            {
                "customers": audience.fitting, "reachable": len(audience.recipients), "days": days[audience.name],
                "kind": audience.kind.value, "left_out": dict(sorted(audience.left_out.items())),
            },
        )
        for audience in audiences(session, shop, now, rules) if audience.fitting
    ]  # fmt: skip


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    """First the credit PRO adds, then the messages, at most `per_run_limit`; thanks come before advertising."""
    rules = Rules.model_validate(config.rules)
    wanted = {finding.target_id for finding in findings}
    ready = [
        (audience, recipient)
        for audience in audiences(session, shop, now, rules) if audience.name in wanted
        for recipient in audience.recipients
    ]  # fmt: skip
    chosen = ready[: config.per_run_limit or None]
    messages = [_message(shop, audience, recipient, now, rules) for audience, recipient in chosen]
    needed: Counter[CreditKind] = Counter()
    for (_, recipient), columns in zip(chosen, messages, strict=True):
        needed[CREDIT_OF[recipient.channel]] += columns["credits"]
    added = _top_ups(session, shop, needed, rules)
    changes: list[Change] = [
        create(
            "addon_credit", {"kind": kind.value, "delta": delta, "reason": TOP_UP, "at": now.isoformat()}, kind.value
        )
        for kind, delta in added.items()
    ]
    changes += [
        create("customer_message", columns, recipient.customer.name)
        for (_, recipient), columns in zip(chosen, messages, strict=True)
    ]
    return RunPlan(changes, {
        "code": "by_orders_and_consent", "messages": len(messages), "left": len(ready) - len(chosen),
        "by_audience": dict(sorted(Counter(audience.name for audience, _ in chosen).items())),
        "by_channel": dict(sorted(Counter(recipient.channel.value for _, recipient in chosen).items())),
        "send_at": min((m["send_at"] for m in messages), default=None), "ad_gap_days": rules.ad_gap_days,
        "credits": {kind.value: needed[kind] for kind in CreditKind},
        "topped_up": {kind.value: added.get(kind, 0) for kind in CreditKind}, "bearer": "pro",
    })  # fmt: skip


def _message(shop: Shop, audience: Audience, recipient: Recipient, now: datetime, rules: Rules) -> dict[str, Any]:
    """The new row's columns."""
    written = write(shop, audience, recipient, rules)
    send_at = earliest(audience.kind, now)
    return {
        "customer_id": recipient.customer.id, "run_id": SOURCE_ID, "audience": audience.name,
        "occasion": recipient.occasion, "kind": audience.kind.value, "channel": recipient.channel.value,
        "to": recipient.to, "subject": written.subject, "text": written.text, "credits": written.credits,
        "state": MessageState.QUEUED.value, "queued_at": now.isoformat(), "send_at": send_at.isoformat(),
        "valid_until": (send_at + timedelta(days=rules.valid_days)).isoformat(),
    }  # fmt: skip


def _top_ups(session: Session, shop: Shop, needed: Counter[CreditKind], rules: Rules) -> dict[CreditKind, int]:
    have = balances(session, shop.id)
    missing = {kind: top_up_needed(have[kind], needed[kind], rules.top_up_step) for kind in CreditKind}
    return {kind: delta for kind, delta in missing.items() if delta}
