"""Taking away every order and statistic of integrated order management: the owner, typed words, a file first (source: 002).

One transaction: the file is written and read back, then the rows go. A process that dies on the way leaves the shop as it
was, at worst with a file that nothing refers to.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.change import Change, Effect, create
from backend.changes.registry import Target
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.errors import Conflict, Forbidden, InvalidInput, NothingToChange
from backend.inventory import ledger
from backend.inventory_settings import backup
from backend.inventory_settings.models import OrderReset
from backend.inventory_settings.reset_tables import EMPTIED
from backend.inventory_settings.schemas import ResetOut
from backend.kit import clock
from backend.kit.wording import wording
from backend.orders.models import OrderLine
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shops.models import Shop


class ResetParams(BaseModel):
    """`phrase`: typed by the person, see `phrase_of`."""

    phrase: str = Field(max_length=300)


def phrase_of(shop: Shop) -> str:
    """The words to type; with the shop's name, so that nobody resets the wrong one of two open windows."""
    return wording().say("inventory_reset.phrase", shop=shop.name)


def told(session: Session, actor: Actor) -> ResetOut:
    shop = session.get_one(Shop, actor.shop_id)
    may = actor.may(Permission.INVENTORY_SETTINGS_OWN)
    return ResetOut(phrase=phrase_of(shop), may=may, counts=counts_of(session, shop.id))


def counts_of(session: Session, shop_id: str) -> dict[str, int]:
    return {
        emptied.name: session.scalar(select(func.count()).select_from(emptied.table).where(emptied.of(shop_id))) or 0
        for emptied in EMPTIED
    }


def propose(session: Session, actor: Actor, params: ResetParams) -> Proposal:
    """Raises Forbidden `reset_owner_only`, InvalidInput `reset_phrase_wrong` with the `phrase`, NothingToChange `reset_empty`."""
    if not actor.may(Permission.INVENTORY_SETTINGS_OWN):
        raise Forbidden("the owner's alone", code="reset_owner_only")
    shop = session.get_one(Shop, actor.shop_id)
    phrase = phrase_of(shop)
    if _bare(params.phrase) != _bare(phrase):
        raise InvalidInput(
            "other words than asked for", code="reset_phrase_wrong", phrase=phrase,
            fields=[{"field": "phrase", "message": "other words"}],
        )  # fmt: skip
    counts = counts_of(session, shop.id)
    if not any(counts.values()):
        raise NothingToChange("there is nothing to take away", code="reset_empty")
    promised = _promised(session, shop.id)
    effects = [Effect("reset_deletes", {"counts": counts}), Effect("reset_file_first")]
    if promised:
        data = {"items": len(promised), "quantity": sum(quantity for _, quantity in promised)}
        effects.append(Effect("reset_frees_stock", data))
    effects.append(Effect("reset_keeps"))
    made = create("order_reset", {"counts": counts, "at": NOW, "by_name": ACTOR_NAME}, shop.name)
    return Proposal([made], effects, undoable=False)


def _bare(said: str) -> str:
    """Spaces, quotes and a full stop do not matter; the words do."""
    return "".join(c for c in said if c.isalnum()).casefold()


def _promised(session: Session, shop_id: str) -> list[tuple[str, int]]:
    """(item, quantity promised to its lines) in the order of the items' ids."""
    query = (
        select(OrderLine.item_id, func.sum(OrderLine.allocated))
        .where(OrderLine.shop_id == shop_id, OrderLine.item_id.is_not(None), OrderLine.allocated > 0)
        .group_by(OrderLine.item_id)
        .order_by(OrderLine.item_id)
    )
    return [(str(item), int(quantity)) for item, quantity in session.execute(query)]


def _empty(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    """Raises Conflict `orders_moved` when a row came or went between the file and the deletion: all of it is rolled back."""
    reset = session.get_one(OrderReset, written[0].target_id)
    shop = session.get_one(Shop, actor.shop_id)
    counts: dict[str, int] = reset.counts
    path, digest = backup.write(session, backup.Header(shop.id, shop.mall_id, reset.id, clock.now(), counts))
    backup.verified(path, digest)
    for item_id, quantity in _promised(session, shop.id):
        ledger.release(session, shop.id, item_id, quantity)
    for emptied in reversed(EMPTIED):
        gone = session.execute(delete(emptied.table).where(emptied.of(shop.id))).rowcount  # type: ignore[attr-defined]
        if gone != counts[emptied.name]:
            raise Conflict("orders came in meanwhile", code="orders_moved", table=emptied.name)
    reset.file, reset.sha256 = path.name, digest
    session.flush()
    session.expire_all()
    return {"file": path.name, "sha256": digest, "counts": counts}


registry.register("order_reset", Target(OrderReset, frozenset({"restored_at"}), "rst"))
register(PlanKind("orders.reset", ResetParams, propose, _empty))
