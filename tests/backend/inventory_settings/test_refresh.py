"""Suppliers, couriers, market accounts and sub-operators follow what the own mall lists."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Forbidden, NothingToChange, Unauthenticated
from backend.inventory.models import Supplier
from backend.inventory_settings.directory import bring
from backend.inventory_settings.models import EntryKind
from backend.inventory_settings.read import value_of
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.plans import service
from backend.plans.models import Plan
from backend.shops.models import Member, Role
from tests.backend.conftest import NOW
from tests.backend.inventory_settings.trading import undo

K = EntryKind


def refresh(session: Session, actor: Actor) -> Plan:
    plan = service.preview(session, actor, "accounts.refresh", {})
    return service.confirm(session, actor, plan.id, new_id("key"))


def told(plan: Plan) -> dict[str, dict[str, Any]]:
    return {kind["kind"]: kind for kind in plan.effects[0]["data"]["kinds"]}


def supplier(session: Session, owner: Actor, name: str) -> Supplier | None:
    return session.scalars(select(Supplier).where(Supplier.shop_id == owner.shop_id, Supplier.name == name)).first()


def test_what_agrees_is_said_to_agree(session: Session, owner: Actor) -> None:
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "accounts.refresh", {})
    assert refused.value.error_code == "accounts_current"


def test_a_supplier_comes_is_renamed_leaves_and_comes_back_as_the_same(session: Session, owner: Actor) -> None:
    bring(session, owner.shop_id, K.SUPPLIER, {"S1": ("한결상사", {"phone": "02-123-4567"})})
    first = refresh(session, owner)
    assert told(first)["supplier"]["new"] == ["한결상사"]
    made = supplier(session, owner, "한결상사")
    assert made is not None
    assert made.phone == "02-123-4567"
    bring(session, owner.shop_id, K.SUPPLIER, {"S1": ("한결무역", {"phone": "02-765-4321"})})
    assert told(refresh(session, owner))["supplier"]["changed"] == ["한결상사"]
    assert (made.name, made.phone) == ("한결무역", "02-765-4321")
    bring(session, owner.shop_id, K.SUPPLIER, {})
    assert told(refresh(session, owner))["supplier"]["gone"] == ["한결무역"]
    assert not made.active
    bring(session, owner.shop_id, K.SUPPLIER, {"S1": ("한결무역", {})})
    refresh(session, owner)
    assert made.active
    assert made.phone == "02-765-4321"
    assert len(session.scalars(select(Supplier)).all()) == 1


def test_a_supplier_made_here_by_the_same_name_is_the_one(session: Session, owner: Actor) -> None:
    session.add(Supplier(id="sup_1", shop_id=owner.shop_id, name="한결상사"))
    bring(session, owner.shop_id, K.SUPPLIER, {"S1": ("한결상사", {})})
    with pytest.raises(NothingToChange):
        refresh(session, owner)


def test_couriers_are_linked_and_taken_away(session: Session, owner: Actor) -> None:
    bring(session, owner.shop_id, K.COURIER, {"cj": ("CJ", {}), "hanjin": ("한진", {})})
    done = refresh(session, owner)
    assert value_of(session, owner.shop_id, "linked_couriers") == ("cj", "hanjin")
    bring(session, owner.shop_id, K.COURIER, {"hanjin": ("한진", {})})
    second = refresh(session, owner)
    assert value_of(session, owner.shop_id, "linked_couriers") == ("hanjin",)
    undo(session, owner, second)
    undo(session, owner, done)
    assert value_of(session, owner.shop_id, "linked_couriers") == ("cj",)


def test_a_new_seller_is_there_but_not_linked(session: Session, owner: Actor) -> None:
    bring(
        session, owner.shop_id, K.SELLER, {"11st": ("11번가", {"seller_id": "oneul11"}), "ebay": ("x", {})}, whole=False
    )
    refresh(session, owner)
    made = session.scalars(select(MarketAccount).where(MarketAccount.market == Market.ELEVENST)).one()
    assert (made.seller_id, made.state) == ("oneul11", AccountState.DISCONNECTED)


def test_credentials_that_ran_out_are_said_so_and_a_seller_that_left_is_disconnected(
    session: Session, owner: Actor
) -> None:
    account = session.get_one(MarketAccount, "mka_oneul_coupang")
    account.credentials_until = NOW - timedelta(days=1)
    refresh(session, owner)
    assert account.state is AccountState.EXPIRED
    bring(session, owner.shop_id, K.SELLER, {"smartstore": ("스마트스토어", {"seller_id": "oneul"})})
    bring(session, owner.shop_id, K.SELLER, {})
    done = refresh(session, owner)
    assert session.get_one(MarketAccount, "mka_oneul_smartstore").state is AccountState.DISCONNECTED
    undo(session, owner, done)
    assert session.get_one(MarketAccount, "mka_oneul_smartstore").state is AccountState.CONNECTED


def test_a_sub_operator_comes_in_after_the_refresh_and_no_more_after_leaving(
    session: Session, owner: Actor, client
) -> None:
    from backend.access import tokens
    from backend.conversations.sessions import open_session

    secret = "identity-secret-of-oneul-0123456789"
    identity = tokens.issue_identity("oneul", "second", secret)
    with pytest.raises(Unauthenticated):
        open_session(session, identity)
    bring(session, owner.shop_id, K.MEMBER, {"second": ("둘째 매니저", {})})
    done = refresh(session, owner)
    member = open_session(session, identity).member
    assert (member.name, member.role) == ("둘째 매니저", Role.SUB_OPERATOR)
    session.commit()
    from backend.access.actor import member_actor

    http = client(member_actor(member))
    assert http.get("/api/me").status_code == 200
    undo(session, owner, done)
    session.commit()
    assert http.get("/api/me").status_code == 401
    with pytest.raises(Unauthenticated):
        open_session(session, identity)


def test_who_owns_the_shop_is_never_changed(session: Session, owner: Actor) -> None:
    bring(session, owner.shop_id, K.MEMBER, {"owner": ("다른 이름", {}), "sub": ("새 이름", {})})
    refresh(session, owner)
    assert session.get_one(Member, "mem_oneul_owner").name == "oneul owner"
    assert session.get_one(Member, "mem_oneul_sub").name == "새 이름"


def test_another_shops_list_is_not_ours(session: Session, owner: Actor, stranger: Actor) -> None:
    bring(session, stranger.shop_id, K.SUPPLIER, {"S1": ("남의 상사", {})})
    with pytest.raises(NothingToChange):
        refresh(session, owner)


def test_an_agent_may_not(session: Session, agent: Actor) -> None:
    with pytest.raises(Forbidden):
        service.preview(session, agent, "accounts.refresh", {})
