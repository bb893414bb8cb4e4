"""Reading what Cafe24 tells: an order with its items, and the claims that stand in their codes."""

from backend.markets.codes import Market
from backend.markets.gateway.code_maps import Unknown, table
from backend.markets.gateway.reading import Row, address, moment, moment_of, text, won
from backend.orders.collected import CollectedClaim, CollectedLine, CollectedOrder
from backend.orders.states import ClaimKind, ClaimState, Fulfilment


def order_of(row: Row, unknown: Unknown) -> CollectedOrder:
    to = row["receivers"][0]
    lines = tuple(_line(item, unknown) for item in row["items"])
    changed = [at for item in row["items"] if (at := moment(item.get("status_changed_date")))]
    return CollectedOrder(
        market=Market.MALL, market_order_no=str(row["order_id"]), ordered_at=moment_of(row["order_date"]),
        paid_at=moment(row.get("payment_date")) if row.get("paid") == "T" else None, buyer_name=row["buyer"]["name"],
        buyer_phone=text(row["buyer"].get("cellphone")), lines=lines, total=won(row["actual_order_amount"]["total_amount_due"]),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("cellphone")), country=to.get("country_code") or "KR",
        postcode=text(to.get("zipcode")), address=address(to.get("address1"), to.get("address2")),
        message=text(to.get("shipping_message")), changed_at=max(changed, default=None),
    )  # fmt: skip


def _line(item: Row, unknown: Unknown) -> CollectedLine:
    raw = str(item["order_status"])
    known = table("cafe24").get(raw)
    if known is None:
        unknown.note("status", raw)
        known = {"fulfilment": Fulfilment.UNALLOCATED.value}
    return CollectedLine(
        market_line_no=item["order_item_code"], name=item["product_name"], quantity=int(item["quantity"]),
        amount=won(item["product_price"]) * int(item["quantity"]), discount=won(item.get("coupon_discount_price")),
        fulfilment=Fulfilment(known["fulfilment"]) if "fulfilment" in known else _by_dates(item), raw_status=raw,
        raw_claim=raw if "claim" in known else None, market_product_no=text(item.get("product_no")),
        seller_code=text(item.get("custom_variant_code")), option=text(item.get("option_value")),
    )  # fmt: skip


def _by_dates(item: Row) -> Fulfilment:
    if item.get("delivered_date"):
        return Fulfilment.DELIVERED
    return Fulfilment.SHIPPED if item.get("shipped_date") else Fulfilment.UNALLOCATED


def claims_of(row: Row) -> list[CollectedClaim]:
    claims = []
    for item in row["items"]:
        raw = str(item["order_status"])
        known = table("cafe24").get(raw, {})
        if "claim" not in known:
            continue
        kind = ClaimKind(known["claim"])
        requested = moment(item.get("claim_request_date")) or moment(item.get("status_changed_date"))
        claims.append(CollectedClaim(
            market=Market.MALL, market_order_no=str(row["order_id"]), market_line_no=item["order_item_code"],
            claim_no=str(item.get("claim_code") or f"{item['order_item_code']}-{kind.value}"), kind=kind,
            state=ClaimState(known["state"]), raw_code=raw, quantity=int(item.get("claim_quantity") or item["quantity"]),
            requested_at=requested or moment_of(row["order_date"]), reason=text(item.get("claim_reason")),
            changed_at=moment(item.get("status_changed_date")),
        ))  # fmt: skip
    return claims
