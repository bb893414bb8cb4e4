"""Stock, suppliers and orders of the small shop, taken in and given stock by the product's own code.

number  market       buyer    what                                    how it stands
0012    mall         김민수   가디건 베이지 2                         has its stock
0015    smartstore   김민수   양말 세트 3                             has its stock, goes to the same door as 0012
0021    coupang      이*은    머플러 1                                no stock; 2 are due in three days
0031    mall         박서연   코듀로이 팬츠 M 1, 양말 세트 2          has its stock, two lines
0044    smartstore   최유리   가죽벨트 브라운 특가 1                  no stock item is known for it
0055    mall         정하늘   가디건 네이비 1                         not paid
0066    coupang      한지민   양말 세트 4                             on its way
0077    smartstore   오세훈   코듀로이 팬츠 L 2                       delivered
0088    mall         Emma     양말 세트 1                             to the USA, has its stock
0099    coupang      김민지   머플러 2, 가디건 네이비 1               one line has its stock, the other has not; late
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.inventory import ledger
from backend.inventory.models import Inbound, StockItem, Supplier
from backend.inventory.states import MovementReason
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.models import Order
from backend.orders.states import F
from backend.orders.take_in import take_in
from backend.products.models import Product

#: key: (product number, name, option, code, in stock, price)
ITEMS: dict[str, tuple[int, str, str | None, str, int, int]] = {
    "beige": (1, "오늘담 울 니트 가디건", "베이지", "P00001-01", 10, 49_000),
    "navy": (1, "오늘담 울 니트 가디건", "네이비", "P00001-02", 5, 49_000),
    "pants_m": (2, "오늘담 코듀로이 팬츠", "M", "P00002-01", 6, 39_000),
    "pants_l": (2, "오늘담 코듀로이 팬츠", "L", "P00002-02", 6, 39_000),
    "muffler": (3, "오늘담 캐시미어 머플러", None, "P00003-01", 0, 59_000),
    "socks": (9, "오늘담 양말 세트", None, "P00009-01", 50, 9_900),
    "belt": (10, "오늘담 가죽 벨트", "브라운", "P00010-01", 8, 25_000),
}
HOME = {"postcode": "06236", "address": "서울 강남구 테헤란로 12, 101호"}
#: number: (market, buyer, lines {item: quantity}, what differs)
ORDERS: dict[str, tuple[Market, str, dict[str, int], dict[str, Any]]] = {
    "0012": (Market.MALL, "김민수", {"beige": 2}, {}),
    "0015": (Market.SMARTSTORE, "김민수", {"socks": 3}, {}),
    "0021": (Market.COUPANG, "이*은", {"muffler": 1}, {"postcode": "04524", "address": "서울 중구 세종대로 110"}),
    "0031": (
        Market.MALL,
        "박서연",
        {"pants_m": 1, "socks": 2},
        {"postcode": "48058", "address": "부산 해운대구 센텀로 7"},
    ),
    "0044": (Market.SMARTSTORE, "최유리", {"unknown": 1}, {"postcode": "35229", "address": "대전 서구 둔산로 100"}),
    "0055": (Market.MALL, "정하늘", {"navy": 1}, {"postcode": "61947", "address": "광주 서구 내방로 111"}),
    "0066": (Market.COUPANG, "한지민", {"socks": 4}, {"postcode": "41911", "address": "대구 중구 공평로 88"}),
    "0077": (Market.SMARTSTORE, "오세훈", {"pants_l": 2}, {"postcode": "21554", "address": "인천 남동구 정각로 29"}),
    "0088": (
        Market.MALL,
        "Emma",
        {"socks": 1},
        {"country": "US", "postcode": "10001", "address": "350 5th Ave, New York"},
    ),
    "0099": (
        Market.COUPANG,
        "김민지",
        {"muffler": 2, "navy": 1},
        {"postcode": "16488", "address": "경기 수원시 팔달구 효원로 241"},
    ),
}
STANDS = {"0055": F.AWAITING_PAYMENT, "0066": F.SHIPPED, "0077": F.DELIVERED}
RAW = {F.AWAITING_PAYMENT: "N00", F.UNALLOCATED: "N10", F.SHIPPED: "N30", F.DELIVERED: "N40"}
EVERY = tuple(ORDERS)


def order_no(number: str) -> str:
    return f"20261118-000{number}"


def stock_up(session: Session, mall_id: str) -> None:
    """The items with what lies in store, their suppliers, and the mufflers that are due."""
    shop_id = f"shop_{mall_id}"
    for nth, name in enumerate(("한결니트", "도담어패럴"), 1):
        session.add(Supplier(id=f"sup_{mall_id}_{nth}", shop_id=shop_id, name=name, lead_days=3, active=True))
    session.flush()
    keeper = pro_actor(shop_id)
    for key, (product, name, option, code, stocked, _) in ITEMS.items():
        item = StockItem(
            id=f"itm_{mall_id}_{key}", shop_id=shop_id, code=code, product_id=f"prd_{mall_id}_{product:02d}",
            name=f"{name} / {option}" if option else name, option_name=option,
            options={"옵션": option} if option else {}, supplier_id=f"sup_{mall_id}_{1 if product < 4 else 2}", cost=10_000,
            weight_g=400 if key != "belt" else None,
        )  # fmt: skip
        session.add(item)
        session.flush()
        if stocked:
            ledger.post(session, keeper, item.id, stocked, ledger.Why(MovementReason.RECEIVE, "seed", "seed"))
    session.add(Inbound(
        id=new_id("inb"), shop_id=shop_id, item_id=f"itm_{mall_id}_muffler", supplier_id=f"sup_{mall_id}_1", quantity=2,
        due_on=clock.today() + timedelta(days=3), created_at=clock.now(),
    ))  # fmt: skip
    session.flush()


def told(session: Session, mall_id: str, number: str) -> CollectedOrder:
    """The order as its market tells it."""
    market, buyer, lines, over = ORDERS[number]
    now = clock.now()
    late = timedelta(days=9) if number == "0099" else timedelta(hours=30 - EVERY.index(number))
    stands = STANDS.get(number, F.UNALLOCATED)
    made = tuple(
        _line(session, mall_id, number, n, key, quantity, stands) for n, (key, quantity) in enumerate(lines.items(), 1)
    )
    paid = None if stands is F.AWAITING_PAYMENT else now - late + timedelta(minutes=5)
    return CollectedOrder(**{
        "market": market, "market_order_no": order_no(number), "ordered_at": now - late, "paid_at": paid, "buyer_name": buyer,
        "recipient_name": buyer, "recipient_phone": "010-1234-5678", "lines": made, "total": sum(one.amount for one in made),
        "changed_at": now, **HOME, **over,
    })  # fmt: skip


def _line(session: Session, mall_id: str, number: str, nth: int, key: str, quantity: int, stands: F) -> CollectedLine:
    if key == "unknown":
        return CollectedLine(
            market_line_no=f"{number}-{nth}", name="가죽벨트 브라운 특가", option="단일", quantity=quantity, amount=25_000,
            fulfilment=stands, raw_status="PAYED", market_product_no="77001",
        )  # fmt: skip
    product, name, option, code, _, price = ITEMS[key]
    assert session.get(Product, f"prd_{mall_id}_{product:02d}") is not None
    return CollectedLine(
        market_line_no=f"{number}-{nth}", name=name, option=option, quantity=quantity, amount=price * quantity,
        fulfilment=stands, raw_status=RAW[stands], seller_code=code,
    )  # fmt: skip


def collect(session: Session, mall_id: str, numbers: tuple[str, ...]) -> None:
    """Taken in, then stock is promised as far as it goes."""
    shop_id = f"shop_{mall_id}"
    taken = take_in(session, shop_id, [told(session, mall_id, number) for number in numbers])
    session.flush()
    session.expire_all()
    allocate_waiting(session, shop_id, taken.item_ids)


def the_order(session: Session, mall_id: str, number: str) -> Order:
    return session.scalars(
        select(Order).where(Order.shop_id == f"shop_{mall_id}", Order.market_order_no == order_no(number))
    ).one()
