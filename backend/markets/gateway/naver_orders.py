"""Reading what Naver tells: an order of the product orders that came with it, and a product order's claim."""

from backend.markets.codes import Market
from backend.markets.gateway.code_maps import Unknown, claim_kind_of, claim_state_of, fulfilment_of, table
from backend.markets.gateway.reading import Row, address, day, moment, moment_of, text, won
from backend.orders.collected import CollectedClaim, CollectedLine, CollectedOrder


def order_of(entry: Row, unknown: Unknown) -> CollectedOrder:
    rows = list({str(row["productOrder"]["productOrderId"]): row for row in entry["rows"]}.values())
    order, first = rows[0]["order"], rows[0]["productOrder"]
    to = first["shippingAddress"]
    return CollectedOrder(
        market=Market.SMARTSTORE, market_order_no=str(order["orderId"]), ordered_at=moment_of(order["orderDate"]),
        paid_at=moment(order.get("paymentDate")), buyer_name=order["ordererName"], buyer_phone=text(order.get("ordererTel")),
        lines=tuple(_line(row["productOrder"], unknown) for row in rows),
        total=sum(won(order.get(key)) for key in (
            "generalPaymentAmount", "naverMileagePaymentAmount", "chargeAmountPaymentAmount", "payLaterPaymentAmount",
        )),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("tel1")), country=to.get("country") or "KR",
        postcode=text(to.get("zipCode")), address=address(to.get("baseAddress"), to.get("detailedAddress")),
        message=text(first.get("shippingMemo")), ship_by=day(first.get("shippingDueDate")),
    )  # fmt: skip


def _line(line: Row, unknown: Unknown) -> CollectedLine:
    raw, known = str(line["productOrderStatus"]), table("naver")
    return CollectedLine(
        market_line_no=str(line["productOrderId"]), name=line["productName"], quantity=int(line["quantity"]),
        amount=won(line["totalProductAmount"]), discount=won(line.get("sellerBurdenDiscountAmount")),
        fulfilment=fulfilment_of(known["status"], raw, unknown), raw_status=raw, raw_claim=text(line.get("claimStatus")),
        market_product_no=text(line.get("productId")), seller_code=text(line.get("optionManageCode")),
        option=text(line.get("productOption")),
    )  # fmt: skip


def claim_of(row: Row, unknown: Unknown) -> CollectedClaim | None:
    """None without a claim, and for a purchase decision that is put off."""
    line, known = row["productOrder"], table("naver")
    if not line.get("claimStatus"):
        return None
    kind = claim_kind_of(known["claim_type"], str(line.get("claimType")), unknown)
    state = claim_state_of(known["claim_status"], str(line["claimStatus"]), unknown)
    if kind is None or state is None:
        return None
    told = (row.get("currentClaim") or {}).get(kind.value) or {}
    ordered = row["order"].get("paymentDate") or row["order"]["orderDate"]
    return CollectedClaim(
        market=Market.SMARTSTORE, market_order_no=str(row["order"]["orderId"]), market_line_no=str(line["productOrderId"]),
        claim_no=str(told.get("claimId") or f"{line['productOrderId']}-{kind.value}"), kind=kind, state=state,
        raw_code=str(line["claimStatus"]), quantity=int(told.get("requestQuantity") or line["quantity"]),
        requested_at=moment_of(told.get("claimRequestDate") or ordered),
        reason=text(told.get(f"{kind.value}DetailedReason")) or text(told.get(f"{kind.value}Reason")),
    )  # fmt: skip
