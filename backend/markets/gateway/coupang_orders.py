"""Reading what Coupang tells: an order sheet, a return or cancellation, an exchange."""

from backend.markets.codes import Market
from backend.markets.gateway.code_maps import Unknown, claim_kind_of, claim_state_of, fulfilment_of, table
from backend.markets.gateway.reading import Row, address, day, moment, moment_of, text, won
from backend.orders.collected import CollectedClaim, CollectedLine, CollectedOrder
from backend.orders.states import ClaimKind, Fulfilment


def order_of(sheet: Row, unknown: Unknown) -> CollectedOrder:
    to, items = sheet["receiver"], sheet["orderItems"]
    raw = str(sheet["status"])
    state = fulfilment_of(table("coupang")["status"], raw, unknown)
    return CollectedOrder(
        market=Market.COUPANG, market_order_no=str(sheet["orderId"]), ordered_at=moment_of(sheet["orderedAt"]),
        paid_at=moment(sheet.get("paidAt")), buyer_name=sheet["orderer"]["name"],
        buyer_phone=text(sheet["orderer"].get("safeNumber")),
        lines=tuple(_line(sheet, item, raw, state) for item in items),
        total=sum(won(item["orderPrice"]) - won(item.get("discountPrice")) for item in items) + won(sheet.get("shippingPrice")),
        recipient_name=text(to.get("name")), recipient_phone=text(to.get("safeNumber")), postcode=text(to.get("postCode")),
        address=address(to.get("addr1"), to.get("addr2")), message=text(sheet.get("parcelPrintMessage")),
        ship_by=day(items[0].get("estimatedShippingDate")),
    )  # fmt: skip


def _line(sheet: Row, item: Row, raw: str, state: Fulfilment) -> CollectedLine:
    """`shippingCount` is without what was cancelled; the line keeps what was ordered."""
    return CollectedLine(
        market_line_no=f"{sheet['shipmentBoxId']}-{item['vendorItemId']}",
        name=item.get("sellerProductName") or item["vendorItemName"],
        quantity=int(item["shippingCount"]) + int(item.get("cancelCount") or 0), amount=won(item["orderPrice"]),
        discount=won(item.get("discountPrice")), fulfilment=Fulfilment.CANCELLED if item.get("canceled") else state,
        raw_status=raw, market_product_no=text(item.get("sellerProductId")), seller_code=text(item.get("externalVendorSkuCode")),
        option=text(item.get("sellerProductItemName")),
    )  # fmt: skip


def returns_of(row: Row, unknown: Unknown) -> list[CollectedClaim]:
    known, raw = table("coupang"), str(row["receiptStatus"])
    kind = claim_kind_of(known["return_type"], str(row["receiptType"]), unknown) or ClaimKind.RETURN
    state = claim_state_of(known["return_status"], raw, unknown)
    if state is None:
        return []
    return [
        CollectedClaim(
            market=Market.COUPANG, market_order_no=str(row["orderId"]),
            market_line_no=f"{item['shipmentBoxId']}-{item['vendorItemId']}", claim_no=str(row["receiptId"]), kind=kind,
            state=state, raw_code=raw, quantity=int(item["cancelCount"]), requested_at=moment_of(row["createdAt"]),
            reason=text(row.get("cancelReason")), changed_at=moment(row.get("modifiedAt")),
        )
        for item in row["returnItems"]
    ]  # fmt: skip


def exchanges_of(row: Row, unknown: Unknown) -> list[CollectedClaim]:
    raw = str(row["exchangeStatus"])
    state = claim_state_of(table("coupang")["exchange_status"], raw, unknown)
    if state is None:
        return []
    return [
        CollectedClaim(
            market=Market.COUPANG, market_order_no=str(row["orderId"]),
            market_line_no=f"{item['shipmentBoxId']}-{item['orderItemId']}", claim_no=str(row["exchangeId"]),
            kind=ClaimKind.EXCHANGE, state=state, raw_code=raw, quantity=int(item["quantity"]),
            requested_at=moment_of(row["createdAt"]), reason=text(row.get("reasonCodeText")),
            exchange_option=text(item.get("targetItemName")), changed_at=moment(row.get("modifiedAt")),
        )
        for item in row["exchangeItemDtoV1s"]
    ]  # fmt: skip
