"""What buyers do while a dialogue goes on, and what PRO then does about it, really run."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.access.actor import member_actor
from backend.coupons.models import Coupon
from backend.customers.models import CustomerMessage
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.deals.models import DealProposal
from backend.inquiries.models import Inquiry
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import WAITING
from backend.orders.models import Order, OrderLine
from backend.plans import service as plans
from backend.products.models import Product
from backend.seed.customers import enrol
from backend.shops.models import Member
from tests.conversations.person import Person
from tests.conversations.stage import Stage

ASKED = (
    # product, market, buyer, text; PRO can answer the first three from what it knows
    (1, "mall", "김*현", "재고 있나요?"),
    (2, "smartstore", "이*준", "교환 가능한가요?"),
    (3, "coupang", "박*서", "재입고 되나요?"),
    (4, "mall", "최*아", "받았는데 단추가 깨져 있어요. 실망이에요."),
)


def buyers_ask(
    stage: Stage | None, mall_id: str, person: Person | None, numbers: tuple[int, ...] = (1, 2, 3, 4)
) -> None:
    """Oldest first, an hour apart; PRO then writes its drafts."""
    with unit_of_work() as session:
        for number in numbers:
            product, market, buyer, text = ASKED[number - 1]
            session.add(Inquiry(
                id=f"inq_{mall_id}_{number}", shop_id=f"shop_{mall_id}", market=Market(market),
                product_id=f"prd_{mall_id}_{product:02d}", buyer_name=buyer, text=text,
                asked_at=clock.now() - timedelta(hours=10 - number),
            ))  # fmt: skip
    pro_runs(mall_id, "cs_reply")


def buyers_buy(stage: Stage | None, mall_id: str, person: Person | None, products: tuple[int, ...] = (1, 7)) -> None:
    """Enough SmartStore orders that PRO proposes a 1+1 deal for each of these; the first sells best."""
    with unit_of_work() as session:
        for rank, number in enumerate(products):
            product = session.get_one(Product, f"prd_{mall_id}_{number:02d}")
            for nth in range(8 - rank):
                order = Order(
                    id=new_id("ord"), shop_id=product.shop_id, order_no=f"{mall_id}-s{number}-{nth}",
                    market=Market.SMARTSTORE, buyer_name=f"단골{nth}", ordered_at=clock.now() - timedelta(days=2 + nth),
                    total=product.price,
                )  # fmt: skip
                session.add(order)
                session.flush()
                session.add(OrderLine(
                    id=new_id("orl"), shop_id=product.shop_id, order_id=order.id, product_id=product.id, quantity=1,
                    amount=product.price,
                ))  # fmt: skip
    pro_runs(mall_id, "one_plus_deal")


def messages_wait(stage: Stage, mall_id: str, person: Person) -> None:
    """PRO queues messages to buyers who stayed away; no worker sends them here."""
    with unit_of_work() as session:
        enrol(session, mall_id)
    pro_runs(mall_id, "crm_message")


def message_goes_out(stage: Stage, mall_id: str, person: Person) -> None:
    """The worker sends one while a preview is on the screen."""
    with unit_of_work() as session:
        message = session.scalars(
            select(CustomerMessage).where(
                CustomerMessage.shop_id == f"shop_{mall_id}", CustomerMessage.state == MessageState.QUEUED
            )
        ).first()
        assert message is not None, "no message waits"
        message.state, message.sent_at = MessageState.SENT, clock.now()


def colleague_answers(stage: Stage, mall_id: str, person: Person, number: int = 1) -> None:
    """The sub-operator sends the draft from another window."""
    with unit_of_work() as session:
        actor = member_actor(session.get_one(Member, f"mem_{mall_id}_sub"))
        plan = plans.preview(session, actor, "inquiry.send_draft", {"inquiry_id": f"inq_{mall_id}_{number}"})
        plans.confirm(session, actor, plan.id, new_id("key"))


def deal_expires(stage: Stage, mall_id: str, person: Person, product: int = 1) -> None:
    with unit_of_work() as session:
        deal = session.scalars(
            select(DealProposal).where(DealProposal.product_id == f"prd_{mall_id}_{product:02d}")
        ).one()
        deal.valid_until = clock.now() - timedelta(hours=1)


def merchant_coupon(stage: Stage, mall_id: str, person: Person, name: str = "단골 감사 3천원") -> None:
    """The merchant makes a coupon of their own in the mall's admin."""
    with unit_of_work() as session:
        session.add(Coupon(
            id=new_id("cpn"), shop_id=f"shop_{mall_id}", name=name, made_by="merchant", run_id=None, audience="vip",
            kind="amount", value=3_000, max_discount=None, min_order=20_000, starts_at=clock.now() - timedelta(days=5),
            ends_at=clock.now() + timedelta(days=25), issue_limit=100, issued=40, used=10, used_amount=30_000,
        ))  # fmt: skip


def pro_runs(mall_id: str, operation: str) -> None:
    """The run that waits for its time is due now and executed by the product's own runner."""
    with unit_of_work() as session:
        runs = session.scalars(
            select(Run).where(Run.shop_id == f"shop_{mall_id}", Run.operation == operation, Run.state.in_(WAITING))
        ).all()
        assert runs, f"{operation} waits for nothing"
        for run in runs:
            run.scheduled_for = clock.now()
        ids = [run.id for run in runs]
    for run_id in ids:
        execute(run_id, "stage")


def answered(mall_id: str) -> list[Inquiry]:
    """The inquiries of the shop that were answered."""
    with unit_of_work(write=False) as session:
        query = select(Inquiry).where(Inquiry.shop_id == f"shop_{mall_id}", Inquiry.answer.is_not(None))
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def inquiries_of(person: Person) -> dict[str, Any]:
    """Fact: the answers that were sent, by the buyer who reads them."""
    return {i["buyer_name"]: i["answer"] for i in person.api("/api/inquiries", state="answered")["items"]}


def deals_of(person: Person) -> dict[str, str]:
    """Fact: the state of each proposal, by its product."""
    return {deal["product"]: deal["state"] for deal in person.api("/api/deals")}


def messages_waiting(person: Person) -> bool:
    """Fact: whether anything waits to be sent."""
    return bool(person.api("/api/customer-messages/summary")["waiting"]["count"])


def coupon_states(person: Person) -> list[str]:
    """Fact: the states of PRO's coupons, sorted."""
    return sorted(coupon["state"] for coupon in person.api("/api/coupons", made_by="pro"))


HAPPENINGS = {
    "buyers_ask": buyers_ask, "buyers_buy": buyers_buy, "messages_wait": messages_wait,
    "message_goes_out": message_goes_out, "colleague_answers": colleague_answers, "deal_expires": deal_expires,
    "merchant_coupon": merchant_coupon,
}  # fmt: skip
FACTS = {
    "answers": inquiries_of, "deals": deals_of, "messages_waiting": messages_waiting, "pro_coupons": coupon_states,
}  # fmt: skip
