"""Main display automation: the main page shows what customers react to now (source: 000)."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.main_display.arrange import Arrangement, Placed, arrange, sellable
from backend.operations.catalogue.main_display.off import when_off
from backend.operations.catalogue.main_display.reactions import Rules
from backend.operations.contract import Finding, OperationConfig, RunPlan
from backend.operations.looking import seen_once
from backend.shops.models import Shop

__all__ = ["Rules", "diagnose", "next_arrangement", "plan", "when_off"]


def diagnose(
    session: Session, shop: Shop, market: Market | None, now: datetime, config: OperationConfig
) -> list[Finding]:
    """Per group worth changing: one finding for the group, one for each slot that shows nothing one can buy."""
    findings = []
    for made in next_arrangement(session, shop, now, config):
        if made.worth_it:
            findings += [_slot_finding(made, p) for p in made.placed if not p.slot.pinned and not sellable(p.before)]
            findings.append(_group_finding(made))
    return findings


def plan(
    session: Session, shop: Shop, market: Market | None, findings: list[Finding], now: datetime, config: OperationConfig
) -> RunPlan:
    wanted = {finding.evidence["group"] for finding in findings}
    changes = [
        Change(
            "display_slot", p.slot.id, "product_id", p.slot.product_id, p.after.id if p.after else None,
            f"{made.group.name} {p.slot.position}",
        )
        for made in next_arrangement(session, shop, now, config) if made.group.number in wanted
        for p in made.placed if p.changed
    ]  # fmt: skip
    rules = Rules.model_validate(config.rules)
    numbers = rules.model_dump(include={"window_days", "half_life_days", "order_weight", "view_weight"})
    return RunPlan(changes, {"code": "recent_reaction", **numbers})


def next_arrangement(session: Session, shop: Shop, now: datetime, config: OperationConfig) -> list[Arrangement]:
    today, rules = clock.seoul(now).date(), Rules.model_validate(config.rules)
    return seen_once(session, ("main page", shop.id, today), lambda: arrange(session, shop.id, today, rules))


def _slot_finding(made: Arrangement, placed: Placed) -> Finding:
    evidence = {"group": made.group.number, "group_name": made.group.name, "position": placed.slot.position}
    label = f"{made.group.name} {placed.slot.position}"
    if placed.before is None:
        return Finding("empty_slot", "display_slot", placed.slot.id, label, evidence)
    evidence |= {"product": placed.before.name, "status": placed.before.status.value}
    return Finding("not_sellable", "display_slot", placed.slot.id, label, evidence)


def _group_finding(made: Arrangement) -> Finding:
    moved = sum(p.changed for p in made.placed)
    shown = {p.before.id for p in made.placed if p.before}
    rising = next((p for p in made.placed if p.after and p.after.id not in shown), None)
    evidence = {
        "group": made.group.number, "group_name": made.group.name, "slots": moved, "gain_percent": made.gain_percent,
        "product": rising.after.name if rising and rising.after else None, **(rising.evidence if rising else {}),
    }  # fmt: skip
    return Finding("more_popular_waiting", "display_group", made.group.id, made.group.name, evidence)
