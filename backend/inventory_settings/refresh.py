"""Suppliers, couriers, market accounts and sub-operators follow what the own mall's admin lists (source: 002, 업데이트).

Without a list of a kind nothing of that kind is touched: a mall that said nothing has not said that everybody is gone.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.change import Change, Effect, create
from backend.changes.registry import Target
from backend.changes.sentinels import NOW
from backend.errors import NothingToChange
from backend.inventory.models import Supplier
from backend.inventory_settings.catalogue import SETTINGS
from backend.inventory_settings.change import setting_change
from backend.inventory_settings.directory import listed
from backend.inventory_settings.models import EntryKind, MallEntry
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shops.models import Member, Role

#: what of a supplier follows the mall
CONTACTS = ("contact", "phone", "email", "address")


class RefreshParams(BaseModel):
    model_config = ConfigDict(extra="forbid")


def propose(session: Session, actor: Actor, params: RefreshParams) -> Proposal:
    """Raises NothingToChange `accounts_current` when everything is as the mall lists it."""
    actor.require(Permission.INVENTORY_SETTINGS_CHANGE)
    found: dict[str, list[Change]] = {kind.value: read(session, actor.shop_id) for kind, read in _READ.items()}
    changes = [change for kind in found.values() for change in kind]
    if not changes:
        raise NothingToChange("everything is as the mall lists it", code="accounts_current")
    return Proposal(changes, [Effect("accounts_follow", {"kinds": _told(found)})])


def _told(found: dict[str, list[Change]]) -> list[dict[str, Any]]:
    """By kind: names that come, that change, that leave."""
    told = []
    for kind, changes in found.items():
        new = [c.label for c in changes if c.op == "create" and kind != "courier"]
        gone = [c.label for c in changes if c.op == "set" and _leaves(c)]
        other = list(dict.fromkeys(c.label for c in changes if c.label not in (*new, *gone)))
        if new or gone or other:
            told.append({"kind": kind, "new": new, "changed": other, "gone": gone})
    return told


def _leaves(change: Change) -> bool:
    if change.field == "left_at":
        return change.after is not None
    return change.field in ("active", "state") and change.after in (False, AccountState.DISCONNECTED.value)


def _suppliers(session: Session, shop_id: str) -> list[Change]:
    """Found under the mall's name or the names it had there before."""
    by_name = {s.name: s for s in session.scalars(select(Supplier).where(Supplier.shop_id == shop_id))}
    changes: list[Change] = []
    for entry in listed(session, shop_id, EntryKind.SUPPLIER):
        here = next((by_name[name] for name in (entry.name, *reversed(entry.former_names)) if name in by_name), None)
        if here is None:
            if entry.listed:
                details = {name: entry.details.get(name) for name in CONTACTS}
                changes.append(create("supplier", {"name": entry.name, **details}, entry.name))
            continue
        wanted: dict[str, Any] = {"active": entry.listed}
        if entry.listed:
            wanted |= {"name": entry.name}
            wanted |= {name: entry.details[name] for name in CONTACTS if name in entry.details}
        changes += _differences("supplier", here, wanted, here.name)
    return changes


def _couriers(session: Session, shop_id: str) -> list[Change]:
    entries = listed(session, shop_id, EntryKind.COURIER)
    if not entries:
        return []
    now: tuple[str, ...] = value_of(session, shop_id, "linked_couriers")
    gone = {entry.external_id for entry in entries if not entry.listed}
    come = [entry.external_id for entry in entries if entry.listed and entry.external_id not in now]
    then = (*(code for code in now if code not in gone), *come)
    return [setting_change(session, shop_id, SETTINGS["linked_couriers"], then)] if then != now else []


def _sellers(session: Session, shop_id: str) -> list[Change]:
    """A new one is there but not linked: its credentials are the merchant's to give. Those that ran out are said so."""
    known = {a.market: a for a in session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop_id))}
    changes: list[Change] = []
    for entry in listed(session, shop_id, EntryKind.SELLER):
        if entry.external_id not in {market.value for market in Market}:
            continue
        account, seller = known.get(Market(entry.external_id)), entry.details.get("seller_id", entry.name)
        if account is None and entry.listed:
            after = {"market": entry.external_id, "seller_id": seller, "state": AccountState.DISCONNECTED.value}
            changes.append(create("market_account", after, entry.name))
        elif account is not None:
            wanted = {"seller_id": seller} if entry.listed else {"state": AccountState.DISCONNECTED.value}
            changes += _differences("market_account", account, wanted, entry.name)
    settled = {change.target_id for change in changes if change.field == "state"}
    for account in known.values():
        ran_out = account.credentials_until is not None and account.credentials_until <= clock.now()
        if ran_out and account.state is AccountState.CONNECTED and account.id not in settled:
            changes += _differences("market_account", account, {"state": AccountState.EXPIRED.value}, account.seller_id)
    return changes


def _members(session: Session, shop_id: str) -> list[Change]:
    """Sub-operators only: who owns the shop is not ours to change."""
    known = {m.external_id: m for m in session.scalars(select(Member).where(Member.shop_id == shop_id))}
    changes: list[Change] = []
    for entry in listed(session, shop_id, EntryKind.MEMBER):
        member = known.get(entry.external_id)
        if member is None:
            if entry.listed:
                after = {"external_id": entry.external_id, "name": entry.name, "role": Role.SUB_OPERATOR.value}
                changes.append(create("member", after, entry.name))
        elif member.role is Role.SUB_OPERATOR:
            changes += _member_follows(member, entry)
    return changes


def _member_follows(member: Member, entry: MallEntry) -> list[Change]:
    if entry.listed:
        wanted = {"name": entry.name, **({"left_at": None} if member.left_at else {})}
        return _differences("member", member, wanted, entry.name)
    return [] if member.left_at else [Change("member", member.id, "left_at", None, NOW, member.name)]


def _differences(target: str, row: Any, wanted: dict[str, Any], label: str) -> list[Change]:
    return [
        Change(target, row.id, name, registry.to_json(getattr(row, name)), after, label)
        for name, after in wanted.items()
        if registry.to_json(getattr(row, name)) != after
    ]


_READ: dict[EntryKind, Callable[[Session, str], list[Change]]] = {
    EntryKind.SUPPLIER: _suppliers, EntryKind.COURIER: _couriers, EntryKind.SELLER: _sellers, EntryKind.MEMBER: _members,
}  # fmt: skip


def _counted(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    return {"changed": len(written)}


def _withdrawn(member: Member) -> dict[str, Any]:
    return {} if member.left_at else {"left_at": NOW}


registry.register("member", Target(
    Member, frozenset({"name", "left_at"}), "mem", undo_create=_withdrawn,
))  # fmt: skip
register(PlanKind("accounts.refresh", RefreshParams, propose, _counted))
