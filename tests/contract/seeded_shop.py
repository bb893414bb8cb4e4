"""Two small shops with something of everything, on the real application, with the assistant down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.app import create_app
from backend.cli.ports import free_ports
from backend.conversations.messages import append
from backend.conversations.models import Author
from backend.conversations.sessions import conversation_of
from backend.coupons.models import Coupon, CouponMaker, DiscountKind
from backend.customers.models import Channel, Customer, CustomerMessage, MessageKind
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.deals.models import DealProposal
from backend.desk.models import Staff, StaffRole
from backend.desk.passwords import hash_password
from backend.inquiries.models import Inquiry
from backend.inquiries.states import InquiryState, Topic
from backend.inventory_settings.directory import bring
from backend.inventory_settings.models import EntryKind
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.feed_models import Collection, CollectionState, CommandKind, CommandState, MarketCommand
from backend.markets.models import Listing
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.one_plus_deal.figures import figures
from backend.operations.catalogue.one_plus_deal.rules import Rules
from backend.operations.states import RunState
from backend.orders.states import Fulfilment
from backend.plans import service as plans
from backend.reports.publish import publish_due
from backend.shops.models import Member, Shop
from tests.backend.conftest import NOW, make_shop
from tests.backend.operations.conftest import add_group, add_listing, add_product, add_run, react
from tests.backend.shipping.build import add_item, add_order, add_supplier, carry_out, label, parcel_of
from tests.backend.shipping.build import lines as goods_of
from tests.contract.seeded_orders import furnish_orders
from tests.contract.seeded_stock import furnish_stock
from tests.databases import own_database

PASSWORD = "a long enough password"
MALLS = ("oneul", "other")


@dataclass
class Served:
    """`ids[mall]` names one thing of each kind in that shop."""

    app: FastAPI
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def session_token(self, mall: str = "oneul", member: str = "owner") -> str:
        conversation = self.ids[mall][f"conversation_of_{member}"]
        return tokens.issue("session", f"mem_{mall}_{member}", tokens.SESSION_FOR, conversation=conversation)

    def turn_token(self, mall: str = "oneul", member: str = "owner") -> str:
        conversation = self.ids[mall][f"conversation_of_{member}"]
        return tokens.issue("turn", f"mem_{mall}_{member}", tokens.TURN_FOR, conversation=conversation)

    def staff_token(self, staff: str = "stf_ops") -> str:
        return tokens.issue("staff", staff, tokens.SESSION_FOR)


@contextmanager
def served(var_dir: Path) -> Iterator[Served]:
    """The application on a database of its own at a fixed time; nobody listens where the assistant should."""
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
        patch.setenv("OPSTALK_RASA_PORT", str(free_ports().rasa))
        with own_database(var_dir):
            yield _opened()


def _opened() -> Served:
    made = Served(create_app())
    with unit_of_work() as session:
        for mall in MALLS:
            made.ids[mall] = furnish(session, make_shop(session, mall))
        for key, role in (("agent", StaffRole.AGENT), ("ops", StaffRole.OPERATIONS)):
            session.add(
                Staff(
                    id=f"stf_{key}",
                    login=key,
                    name=f"{key} person",
                    role=role,
                    password_hash=hash_password(PASSWORD),
                )
            )
    assert len(publish_due()) == len(MALLS)
    return made


def furnish(session: Session, shop: Shop, now: datetime = NOW) -> dict[str, str]:
    """Products shown and listed, a run that ran, one that waits, an OFF, a coupon, a filed request, a preview, a chat."""
    mall = shop.mall_id
    products = [add_product(session, shop, number) for number in range(1, 5)]
    for number, product in enumerate(products, 1):
        react(session, product, 1, views=10 * number, orders=number)
        add_listing(session, product, Market.SMARTSTORE)
    group = add_group(session, shop, 2, "추천상품", list(products[:3]))
    ran = add_run(
        session, shop, state=RunState.DONE, scheduled_for=now - timedelta(days=3), finished_at=now - timedelta(days=3)
    )
    waits = add_run(session, shop, "product_name", Market.MALL)
    coupon = Coupon(
        id=f"cpn_{mall}", shop_id=shop.id, name=f"{mall} coupon", made_by=CouponMaker.PRO, run_id=None, audience="everyone",
        kind=DiscountKind.RATE, value=10, max_discount=5_000, starts_at=now - timedelta(days=3),
        ends_at=now + timedelta(days=20), issue_limit=100, issued=40, used=10, used_amount=30_000,
    )  # fmt: skip
    session.add(coupon)
    deal = DealProposal(
        id=f"deal_{mall}", shop_id=shop.id, product_id=products[0].id,
        listing_id=session.scalars(select(Listing.id).where(Listing.product_id == products[0].id)).one(),
        figures=figures(products[0].price, 3, 4, Rules.model_validate(operation_named("one_plus_deal").config.rules)),
        proposed_at=now - timedelta(days=3), valid_until=now + timedelta(days=10),
    )  # fmt: skip
    inquiry = Inquiry(
        id=f"inq_{mall}", market_inquiry_no="310000001", shop_id=shop.id, market=Market.MALL, product_id=products[0].id, buyer_name=f"secret of {mall}",
        topic=Topic.STOCK, text=f"secret of {mall}", asked_at=now - timedelta(days=2), state=InquiryState.DRAFTED,
        draft=f"secret of {mall}",
    )  # fmt: skip
    customer = Customer(
        id=f"cus_{mall}", shop_id=shop.id, name=f"secret of {mall}", phone="010-****-1234", joined_on=now.date()
    )
    session.add_all([deal, inquiry, customer])
    bring(session, shop.id, EntryKind.SUPPLIER, {"S1": (f"secret of {mall}", {"phone": "02-000-0000"})})
    bring(session, shop.id, EntryKind.COURIER, {"hanjin": (f"secret of {mall}", {})})
    bring(session, shop.id, EntryKind.SELLER, {"11st": (f"secret of {mall}", {"seller_id": mall})})
    bring(session, shop.id, EntryKind.MEMBER, {"second": (f"secret of {mall}", {})})
    session.flush()
    session.add(
        CustomerMessage(
            id=f"msg_{mall}", shop_id=shop.id, customer_id=customer.id, run_id=ran.id, audience="first_purchase", occasion="x",
            kind=MessageKind.INFORMATIONAL, channel=Channel.SMS, to="010-****-1234", text=f"secret of {mall}", credits=1,
            state=MessageState.SENT, queued_at=now, send_at=now, valid_until=now + timedelta(days=3), sent_at=now,
        )
    )  # fmt: skip
    session.add(
        CustomerMessage(
            id=f"msg_{mall}_waits", shop_id=shop.id, customer_id=customer.id, run_id=ran.id, audience="win_back", occasion="x",
            kind=MessageKind.ADVERTISING, channel=Channel.SMS, to="010-****-1234", text=f"secret of {mall}", credits=1,
            state=MessageState.QUEUED, queued_at=now, send_at=now + timedelta(days=1), valid_until=now + timedelta(days=3),
        )
    )  # fmt: skip
    stock = furnish_stock(session, shop, products[0])
    session.add(
        Collection(
            id=f"col_{mall}", shop_id=shop.id, state=CollectionState.DONE, markets=["smartstore"], asked_by=None,
            results={"smartstore": {"new": 1, "unreadable": [f"secret of {mall}"], "done": True}}, created_at=now,
            finished_at=now,
        )
    )  # fmt: skip
    session.add(
        MarketCommand(
            id=f"mcd_{mall}", shop_id=shop.id, market=Market.SMARTSTORE, kind=CommandKind.INVOICE, subject_id=f"orl_{mall}",
            payload={"order_no": f"secret of {mall}"}, key=f"invoice of {mall}", state=CommandState.FAILED, attempts=1,
            not_before=now, error="INVALID_STATUS", created_at=now,
        )
    )  # fmt: skip
    talks = {who: conversation_of(session, session.get_one(Member, f"mem_{mall}_{who}")) for who in ("owner", "sub")}
    owner = member_actor(session.get_one(Member, f"mem_{mall}_owner"), talks["owner"].id)
    append(session, talks["owner"], Author.MEMBER, text=f"secret of {mall}", client_id="first")
    off = done(session, owner, "ops.off", operation="smartstore_seo", reason=f"secret of {mall}")
    goods = furnish_goods(session, shop, owner)
    fields = {"content": f"secret of {mall}", "scope": "mall"}
    request = done(session, owner, "work_request.create", type="category_tidy", fields=fields)
    preview = plans.preview(session, owner, "display.pin", {"product_id": products[0].id, "position": 2})
    return {
        **stock,
        **furnish_orders(session, shop, now),
        "shop": shop.id, "their_name": f"secret of {mall}", "product": products[0].id, "group": group.id, "run": ran.id, "waiting_run": waits.id,
        "coupon": coupon.id, "switch": off.changes[0]["target_id"], "executed_plan": off.id, "plan": preview.id,
        "request": request.result["id"], "number": str(request.result["number"]),
        "collection": f"col_{mall}", "market_command": f"mcd_{mall}",
        "deal": deal.id, "inquiry": inquiry.id, "conversation": talks["owner"].id, "conversation_of_owner": talks["owner"].id, "conversation_of_sub": talks["sub"].id,
        **goods,
    }  # fmt: skip


def furnish_goods(session: Session, shop: Shop, owner: Actor) -> dict[str, str]:
    """Stock, an order that waits, one with a number, one that has arrived with a claim, a purchase order on its way."""
    supplier = add_supplier(session, shop, 9, name=f"secret of {shop.mall_id} too")
    items = [add_item(session, shop, n, supplier_id=supplier.id, safety=12) for n in (71, 72)]
    waits = add_order(session, shop, [(items[0], 2), (items[1], 1)], 71, buyer_name=f"secret of {shop.mall_id}")
    labelled = add_order(session, shop, [(items[0], 1)], 72, recipient_name=f"secret of {shop.mall_id}")
    label(session, owner, labelled, "612345670000")
    arrived = add_order(session, shop, [(items[1], 2)], 73, state=Fulfilment.DELIVERED)
    claim = carry_out(session, owner, "order.return", line_id=goods_of(session, arrived)[0].id, quantity=1)
    bought = carry_out(session, owner, "purchase_order.create", supplier_id=supplier.id)
    carry_out(session, owner, "purchase_order.place", purchase_order_id=bought.changes[0]["target_id"])
    draft = {"supplier_id": supplier.id, "lines": [{"item_id": items[0].id, "quantity": 3}]}
    second = carry_out(session, owner, "purchase_order.create", **draft)
    return {
        "goods": items[0].id, "other_goods": items[1].id, "goods_supplier": supplier.id, "order": waits.id, "line": goods_of(session, waits)[0].id,
        "parcel": parcel_of(session, labelled).id, "labelled_order": labelled.id, "claim": claim.result["claims"][0],
        "sent_line": goods_of(session, arrived)[0].id, "purchase": bought.changes[0]["target_id"],
        "draft_purchase": second.changes[0]["target_id"],
    }  # fmt: skip


def done(session: Session, actor: Actor, kind: str, **params: object) -> plans.Plan:
    plan = plans.preview(session, actor, kind, params)
    return plans.confirm(session, actor, plan.id, new_id("key"))
