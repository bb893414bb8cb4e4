"""What a demo shop is, read from `shops/<mall_id>.yml` and checked when it is read."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.coupons.models import DiscountKind
from backend.kit.yaml_file import read_yaml
from backend.markets.codes import Market
from backend.markets.models import AccountState

HERE = Path(__file__).parent
SHOPS = ("oneuldam", "hwanggeumbat", "dalbitlab")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(_Strict):
    """`season` names a curve of `demand.py`; sizes (clothes), volumes (food, cosmetics) and facts become attributes."""

    path: str
    motif: str
    tint: str = Field(pattern=r"^[0-9a-f]{6}$")
    price: tuple[int, int]
    season: str
    sizes: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    facts: dict[str, str] = Field(default_factory=dict)
    products: tuple[str, ...]

    @property
    def leaf(self) -> str:
        return self.path.rsplit(" > ", 1)[-1].split("/")[0]


class Account(_Strict):
    """`share` of the products is listed there; `credentials_days` from now, negative when they ran out.

    `linked_days` and `failing_days` ago it was linked, and began to fail with `state`; `hosted_days` ago PRO granted the
    image exposure there. `separate` listings were registered on the market by hand and belong to no product yet.
    """

    seller_id: str
    share: float
    credentials_days: int
    state: AccountState = AccountState.CONNECTED
    failing_days: int | None = None
    linked_days: int = 10_000
    hosted_days: int | None = None
    separate: int = 0


class Settings(_Strict):
    """Days ago for what was installed, linked or verified; None: still missing."""

    pro_app: int | None = None
    marketplus: int | None = None
    sender_number: str | None = None
    sender_number_verified: int | None = None
    alimtalk_profile: str | None = None
    mail_sender: str | None = None
    brand_info: int


class MerchantCoupon(_Strict):
    """`issued_share` of the limit is handed out evenly over the coupon's days."""

    name: str
    audience: str
    kind: DiscountKind
    value: int
    max_discount: int | None = None
    min_order: int
    from_days_ago: int
    days: int
    issue_limit: int
    issued_share: float


class Step(_Strict):
    number: int
    state: str
    reason: str | None = None


class Remark(_Strict):
    number: int
    text: str


class Act(_Strict):
    """One thing a person did: a confirmed plan, a step of a request, or a remark on one.

    In `params` "@product:<name>" stands for that product's id and "@day:<n>" for the date n days from today.
    """

    days_ago: int
    hour: int
    by: str
    plan: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    advance: Step | None = None
    comment: Remark | None = None


class ShopDescription(_Strict):
    mall_id: str
    name: str
    brand: str
    intro: str
    opened_days_ago: int
    pro_since_days_ago: int
    monthly_run_quota: int
    settings: Settings
    members: dict[str, str]
    coupon_policy: dict[str, int]
    delivery_terms: dict[str, str] = Field(default_factory=dict)
    markets: dict[Market, Account]
    store_set_up: bool = Field(default=False, description="the merchant made the SmartStore's pictures and categories")
    orders_a_year: int
    order_markets: dict[Market, int]
    stuffing: tuple[str, ...]
    materials: dict[str, str]
    colours: tuple[str, ...]
    categories: tuple[Category, ...]
    merchant_coupons: tuple[MerchantCoupon, ...]
    acts: tuple[Act, ...]


class Words(_Strict):
    surnames: dict[str, int]
    last_syllables: tuple[str, ...]
    promotion: tuple[str, ...]
    intros: tuple[str, ...]
    deliveries: tuple[str, ...]
    variants: tuple[str, ...]


class Size(_Strict):
    """How often each product is varied, how many times the small shop's orders there are, and how many raster pictures."""

    variants: int
    orders: int
    pictures: int


SIZES = {"small": Size(variants=0, orders=1, pictures=16), "large": Size(variants=24, orders=40, pictures=0)}


@lru_cache
def shop_described(mall_id: str) -> ShopDescription:
    return ShopDescription.model_validate(_read(f"shops/{mall_id}.yml"))


@lru_cache
def words() -> Words:
    return Words.model_validate(_read("words.yml"))


def _read(name: str) -> Any:
    return read_yaml(HERE / name)
