"""Orders and claims as an adapter hands them over: normalised, with the market's raw codes beside."""

from dataclasses import dataclass, field
from datetime import date, datetime

from backend.markets.codes import Market
from backend.orders.states import ClaimKind, ClaimState, Fulfilment


@dataclass(frozen=True)
class CollectedLine:
    """`fulfilment` is what the market says of it: awaiting_payment, unallocated (paid), shipped, delivered, confirmed or
    cancelled; whether stock is promised to it is our own matter. `raw_*` are the market's codes, untouched."""

    market_line_no: str
    name: str
    quantity: int
    amount: int  # KRW before coupons
    fulfilment: Fulfilment
    raw_status: str
    raw_claim: str | None = None
    market_product_no: str | None = None
    seller_code: str | None = None
    option: str | None = None
    discount: int = 0  # KRW borne by the merchant


@dataclass(frozen=True)
class CollectedOrder:
    """`lines` may be only some of the order's: a feed tells what changed. A line that is not told of stays as it was."""

    market: Market
    market_order_no: str
    ordered_at: datetime
    paid_at: datetime | None
    buyer_name: str
    lines: tuple[CollectedLine, ...]
    total: int  # KRW
    buyer_phone: str | None = None
    recipient_name: str | None = None
    recipient_phone: str | None = None
    country: str = "KR"
    postcode: str | None = None
    address: str | None = None
    message: str | None = None
    ship_by: date | None = None
    changed_at: datetime | None = None  # an older telling than the one we know changes nothing


@dataclass(frozen=True)
class CollectedClaim:
    market: Market
    market_order_no: str
    market_line_no: str
    claim_no: str
    kind: ClaimKind
    state: ClaimState
    raw_code: str
    quantity: int
    requested_at: datetime
    reason: str | None = None
    exchange_option: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class CollectedFeed:
    """What one call of an adapter brought; `cursor` is kept once all of it is taken in."""

    orders: tuple[CollectedOrder, ...] = ()
    claims: tuple[CollectedClaim, ...] = ()
    cursor: str | None = None
    more: bool = False
    unreadable: tuple[str, ...] = field(default=())  # order numbers whose telling we could not read
    unknown_codes: tuple[str, ...] = field(default=())  # "status:XYZ": read as a paid order, and reported
