"""What a parcel abroad costs and takes, by country and weight or for one order, with what customs still lacks."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import InvalidInput, NotFound
from backend.inventory.models import StockItem
from backend.orders.models import Order, OrderLine
from backend.orders.states import Fulfilment
from backend.overseas.countries import HOME, Country, countries, country_named, reviewed, version
from backend.overseas.customs import missing_data
from backend.overseas.models import OverseasRate
from backend.overseas.schemas import CustomsLineOut, FeeStepOut, QuoteOut, RateOut


@dataclass(frozen=True)
class Terms:
    country: Country
    served: bool
    fees: tuple[tuple[int, int], ...]
    days: tuple[int, int]
    own: bool  # the shop's, not the reference's


def terms_of(session: Session, shop_id: str, country: Country) -> Terms:
    query = select(OverseasRate).where(
        OverseasRate.shop_id == shop_id, OverseasRate.country == country.code, OverseasRate.active
    )
    return _merged(country, session.scalars(query).first())


def _merged(country: Country, own: OverseasRate | None) -> Terms:
    if own is None:
        return Terms(country, True, country.fees, country.days, False)
    fees = tuple((int(w), int(fee)) for w, fee in own.fees) or country.fees
    days = (own.days_min or country.days[0], own.days_max or country.days[1])
    return Terms(country, own.served, fees, days, True)


def fee_for(terms: Terms, weight_g: int) -> int | None:
    """None when it is too heavy for the table."""
    return next((fee for limit, fee in terms.fees if weight_g <= limit), None)


def all_terms(session: Session, shop_id: str) -> list[RateOut]:
    own = {
        rate.country: rate
        for rate in session.scalars(select(OverseasRate).where(OverseasRate.shop_id == shop_id, OverseasRate.active))
    }
    return [rate_out(_merged(country, own.get(code))) for code, country in countries().items()]


def rate_out(terms: Terms) -> RateOut:
    country = terms.country
    return RateOut(
        country=country.code, name=country.name, zone=country.zone, served=terms.served, days_min=terms.days[0],
        days_max=terms.days[1], fees=[FeeStepOut(to_g=w, fee=fee) for w, fee in terms.fees], own=terms.own,
        needs=list(country.needs), duty_free=country.duty_free, recipient_id=country.recipient_id,
        reference_version=version(), reviewed_on=reviewed(),
    )  # fmt: skip


def quote(session: Session, shop_id: str, said: str | None, weight_g: int | None, order_id: str | None) -> QuoteOut:
    """Raises NotFound `order_not_found`, InvalidInput `country_unknown`, `country_missing`, `order_is_domestic`."""
    order, lines = None, []
    if order_id:
        order = session.get(Order, order_id)
        if order is None or order.shop_id != shop_id:
            raise NotFound("no such order in this shop", code="order_not_found")
        lines = _lines(session, order)
        said = said or order.country
        if order.country == HOME and said == HOME:
            raise InvalidInput("it goes nowhere abroad", code="order_is_domestic", order_no=order.order_no, fields=[])
    if not said:
        raise InvalidInput(
            "to which country?", code="country_missing", fields=[{"field": "country", "message": "missing"}]
        )
    country = country_named(said)
    if country is None:
        known = [c.name for c in countries().values()]
        raise InvalidInput(
            "no table for that country", code="country_unknown", named=said, known=known,
            fields=[{"field": "country", "message": said}],
        )  # fmt: skip
    terms = terms_of(session, shop_id, country)
    weightless = any(item is None or item.weight_g is None for _, item in lines)
    if weight_g is None and lines and not weightless:
        weight_g = sum(line.open_quantity * (item.weight_g or 0) for line, item in lines if item)
    customs = [_customs(line, item, country) for line, item in lines if item is not None]
    return QuoteOut(
        **rate_out(terms).model_dump(), order_id=order.id if order else None,
        order_no=order.order_no if order else None, weight_g=weight_g,
        fee=fee_for(terms, weight_g) if weight_g is not None else None,
        too_heavy=weight_g is not None and fee_for(terms, weight_g) is None,
        weight_missing=[line.market_name or "?" if item is None else item.name for line, item in lines
                        if item is None or item.weight_g is None],
        customs=customs, customs_missing=any(line.missing for line in customs) or any(i is None for _, i in lines),
    )  # fmt: skip


def _lines(session: Session, order: Order) -> list[tuple[OrderLine, StockItem | None]]:
    query = (
        select(OrderLine, StockItem)
        .outerjoin(StockItem, StockItem.id == OrderLine.item_id)
        .where(OrderLine.order_id == order.id, OrderLine.fulfilment != Fulfilment.CANCELLED)
        .order_by(OrderLine.id)
    )
    return [(line, item) for line, item in session.execute(query).tuples() if line.open_quantity > 0]


def _customs(line: OrderLine, item: StockItem, country: Country) -> CustomsLineOut:
    lacking = missing_data(country.code, [item])
    value = (line.amount - line.discount) * line.open_quantity // line.quantity if line.quantity else 0
    return CustomsLineOut(
        item_id=item.id, code=item.code, item=item.name, quantity=line.open_quantity, english_name=item.english_name,
        hs_code=item.hs_code, origin_country=item.origin_country, weight_g=item.weight_g, value=value,
        missing=lacking[0]["missing"] if lacking else [],
    )  # fmt: skip
