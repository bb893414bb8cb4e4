"""Every setting of source 002 by its key: what it may hold and what holds when nobody has set it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator


class Section(StrEnum):
    COMMON = "common"
    STOCK = "stock"
    ORDERS = "orders"
    CS = "cs"


class AllocationBasis(StrEnum):
    CURRENT = "current"  # 현재재고: only what is there
    UNLIMITED = "unlimited"  # 제한없음


class MarketStockBasis(StrEnum):
    CURRENT = "current"  # falls when a parcel leaves
    AVAILABLE = "available"  # falls when an order comes in
    ARBITRARY = "arbitrary"  # a number of the merchant's own
    MALL = "mall"  # the own mall's admin says it


class DuplicatePolicy(StrEnum):
    SKIP = "skip"
    ADD_SUFFIX = "add_suffix"
    UPDATE = "update"


class MatchingBasis(StrEnum):
    CODE = "code"
    NAME = "name"
    CODE_THEN_NAME = "code_then_name"


class AllocationPriority(StrEnum):
    OLDEST = "oldest"
    DEADLINE = "deadline"
    COMPLETE_FIRST = "complete_first"  # orders all of whose lines can be served
    DEAREST = "dearest"


class GiftAllocation(StrEnum):
    FULL_ONLY = "full_only"  # with the shipment that completes the order
    PARTIAL_TOO = "partial_too"  # with the first shipment


class PrintOrder(StrEnum):
    ORDERED_AT = "ordered_at"
    ORDER_NO = "order_no"
    RECIPIENT = "recipient"
    PRODUCT = "product"
    LOCATION = "location"


class LabelField(StrEnum):
    NAME = "name"
    OPTION = "option"
    CODE = "code"
    QUANTITY = "quantity"
    LOCATION = "location"
    BARCODE = "barcode"
    AMOUNT = "amount"


class Symbology(StrEnum):
    CODE128 = "code128"
    EAN13 = "ean13"
    CODE39 = "code39"
    QR = "qr"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PostcodeRange(_Strict):
    """Five digits each, both ends included."""

    start: Annotated[str, Field(pattern=r"^\d{5}$")]
    end: Annotated[str, Field(pattern=r"^\d{5}$")]
    name: Annotated[str, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _in_order(self) -> "PostcodeRange":
        if self.start > self.end:
            raise ValueError("a range starts before it ends")
        return self


class RemoteAreas(_Strict):
    """The shop's own edits of the reference table: ranges beside it, and ranges that do not count here."""

    added: tuple[PostcodeRange, ...] = ()
    removed: tuple[PostcodeRange, ...] = ()


class BarcodeForm(_Strict):
    """A sheet of labels, in millimetres; the defaults are 24 labels on A4."""

    symbology: Symbology = Symbology.CODE128
    width: Annotated[float, Field(ge=15, le=200)] = 64.0
    height: Annotated[float, Field(ge=10, le=200)] = 33.9
    columns: Annotated[int, Field(ge=1, le=10)] = 3
    rows: Annotated[int, Field(ge=1, le=30)] = 8
    show_name: bool = True
    show_option: bool = True
    show_price: bool = False


class LabelForm(_Strict):
    """One courier's label, in millimetres."""

    width: Annotated[int, Field(ge=60, le=210)] = 123
    height: Annotated[int, Field(ge=60, le=297)] = 100
    show_sender: bool = True
    show_message: bool = True
    mask_name: bool = True


class DelayMarking(_Strict):
    on: bool = True
    days: Annotated[int, Field(ge=1, le=30)] = 2  # after the payment, or once the market's deadline has passed


class ClaimRules(_Strict):
    """What happens when a claim of this kind comes in (source: 002, 취소/교환). Fee in KRW."""

    hold: bool = True
    merge_forbidden: bool = False
    exchange_fee: Annotated[int, Field(ge=0, le=100_000)] = 0


class MonthlyReminder(_Strict):
    on: bool = True
    day: Annotated[int, Field(ge=1, le=28)] = 1


Names = tuple[Annotated[str, Field(min_length=1, max_length=100)], ...]


#: the courier whose additional service knows where parcels cannot be delivered (source: 002, 배송 차질 지역)
CJ = "cj"


@dataclass(frozen=True)
class Need:
    """What another setting must hold for this one to mean anything; `holds` is asked with that setting's value.

    Without `strict` the change is made all the same and the preview says that it waits for the other one.
    """

    key: str
    holds: Callable[[Any], bool]
    strict: bool = False


@dataclass(frozen=True)
class Setting:
    key: str
    section: Section
    type: Any
    default: Any
    owner_only: bool = False
    needs: Need | None = None

    @property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.type)


_S = Section
SETTINGS: dict[str, Setting] = {s.key: s for s in (
    Setting("product_sync", _S.COMMON, bool, True),
    Setting("integrated_orders", _S.COMMON, bool, True, owner_only=True),
    Setting("allocation_basis", _S.STOCK, AllocationBasis, AllocationBasis.CURRENT),
    Setting("market_stock_basis", _S.STOCK, MarketStockBasis, MarketStockBasis.AVAILABLE),
    Setting("market_stock_arbitrary", _S.STOCK, Annotated[int, Field(ge=0, le=99_999)], 9999,
            needs=Need("market_stock_basis", lambda basis: basis is MarketStockBasis.ARBITRARY, strict=True)),
    Setting("mall_quantity_sync", _S.STOCK, bool, False, needs=Need("product_sync", bool)),
    Setting("product_update_excluded", _S.STOCK, Names, (), needs=Need("product_sync", bool)),
    Setting("option_tags", _S.STOCK, Names, ()),
    Setting("overdue_display", _S.STOCK, bool, True),
    Setting("gift_allocation", _S.STOCK, GiftAllocation, GiftAllocation.FULL_ONLY),
    Setting("barcode_form", _S.STOCK, BarcodeForm, BarcodeForm()),
    Setting("low_stock_reminder", _S.STOCK, bool, True),
    Setting("stock_check_reminder", _S.STOCK, MonthlyReminder, MonthlyReminder()),
    Setting("duplicate_order_no", _S.ORDERS, DuplicatePolicy, DuplicatePolicy.SKIP),
    Setting("remote_area_marking", _S.ORDERS, bool, True),
    Setting("remote_areas", _S.ORDERS, RemoteAreas, RemoteAreas(), needs=Need("remote_area_marking", bool)),
    Setting("collection_excluded", _S.ORDERS, Names, ()),
    Setting("matching_basis", _S.ORDERS, MatchingBasis, MatchingBasis.CODE_THEN_NAME),
    Setting("allocation_priority", _S.ORDERS, AllocationPriority, AllocationPriority.OLDEST,
            needs=Need("allocation_basis", lambda basis: basis is AllocationBasis.CURRENT)),
    Setting("linked_couriers", _S.ORDERS, Names, (CJ,)),
    Setting("disruption_regions", _S.ORDERS, tuple[PostcodeRange, ...], (),
            needs=Need("linked_couriers", lambda couriers: CJ in couriers, strict=True)),
    Setting("label_forms", _S.ORDERS, dict[str, LabelForm], {}),
    Setting("label_products", _S.ORDERS, tuple[LabelField, ...], (LabelField.NAME, LabelField.OPTION, LabelField.QUANTITY)),
    Setting("label_print_order", _S.ORDERS, PrintOrder, PrintOrder.ORDERED_AT),
    Setting("split_forbids_merge", _S.CS, bool, False),
    Setting("delay_marking", _S.CS, DelayMarking, DelayMarking()),
    Setting("cancel_before_shipping", _S.CS, ClaimRules, ClaimRules()),
    Setting("exchange_before_shipping", _S.CS, ClaimRules, ClaimRules()),
    Setting("cancel_after_shipping", _S.CS, ClaimRules, ClaimRules()),
    Setting("exchange_after_shipping", _S.CS, ClaimRules, ClaimRules(exchange_fee=5000)),
    Setting("restock_on_pickup", _S.CS, bool, False),
)}  # fmt: skip
