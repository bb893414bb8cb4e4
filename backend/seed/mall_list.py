"""What each demo mall's admin lists of partners and people: as here, but for what changed there since."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.models import Supplier
from backend.inventory_settings.directory import bring
from backend.inventory_settings.models import EntryKind
from backend.markets.models import MarketAccount
from backend.shops.models import Member, Role

#: known to the mall and not to us yet, until somebody reads the list again
NEW_SUPPLIER, NEW_PERSON = "새벽물류 상사", "야간 담당"


def list_partners(session: Session, shop_id: str) -> None:
    """A supplier's new phone, a new supplier, another courier and a new sub-operator wait to be read."""
    suppliers = list(session.scalars(select(Supplier).where(Supplier.shop_id == shop_id).order_by(Supplier.name)))
    entries: dict[str, tuple[str, dict[str, Any]]] = {
        f"S{number}": (one.name, {}) for number, one in enumerate(suppliers, 1)
    }
    if suppliers:
        entries["S1"] = (suppliers[0].name, {"phone": "02-555-0142"})
    bring(session, shop_id, EntryKind.SUPPLIER, entries | {f"S{len(entries) + 1}": (NEW_SUPPLIER, {})})
    bring(session, shop_id, EntryKind.COURIER, {"cj": ("CJ대한통운", {}), "hanjin": ("한진택배", {})})
    accounts = session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop_id))
    sellers = {account.market.value: (account.market.value, {"seller_id": account.seller_id}) for account in accounts}
    bring(session, shop_id, EntryKind.SELLER, sellers)
    people = session.scalars(select(Member).where(Member.shop_id == shop_id, Member.role == Role.SUB_OPERATOR))
    members: dict[str, tuple[str, dict[str, Any]]] = {member.external_id: (member.name, {}) for member in people}
    bring(session, shop_id, EntryKind.MEMBER, members | {"night": (NEW_PERSON, {})})
