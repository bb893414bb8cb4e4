"""The wire shapes of weekly reports; amounts are whole KRW, days are Seoul days, `conversion` is orders per view."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel

from backend.coupons.models import CouponMaker
from backend.customers.models import CreditKind
from backend.operations.schemas import OffSwitchOut, UnitOut, UpcomingOut


class ReportState(StrEnum):
    FINAL = "final"  # the stored snapshot; its numbers never change
    PROVISIONAL = "provisional"  # the week is over, the snapshot is not made yet
    IN_PROGRESS = "in_progress"  # the week still runs


class RunCounts(BaseModel):
    """`nothing`: looked, and found nothing to improve. `skipped`: switched off or held before it began."""

    done: int = 0
    nothing: int = 0
    failed: int = 0
    skipped: int = 0
    undone: int = 0


class UnitRuns(UnitOut, RunCounts):
    """`changed`: fields written, of these `put_back` undone since. `reasons`: codes of what failed or was skipped."""

    changed: int
    put_back: int
    reasons: list[str]


class DayRuns(RunCounts):
    day: date


class RunsOfWeek(RunCounts):
    changed: int
    by_unit: list[UnitRuns]
    by_day: list[DayRuns]


class Verdict(StrEnum):
    MEASURED = "measured"
    TOO_EARLY = "too_early"  # fewer whole days since the change than the rule asks for
    TOO_FEW = "too_few"  # too few orders before and after together
    NO_RECORD = "no_record"  # no sales records, or no product sold yet, as long before the change


class Figures(BaseModel):
    """Of the touched products together; an order with two of them counts for each. `sales` before coupons.

    `views` and `conversion` exist for the own mall alone, the latter with enough views.
    """

    orders: int
    units: int
    sales: int
    views: int | None
    conversion: float | None


class Comparison(UnitOut):
    """`days` whole days before the day of the change and as many after it, the day itself left out; never a cause.

    `left_out` products were registered too late to have a before. `shared` of the others were touched by another
    operation on the same market in these days. `rest_…`: orders of all other products in the same days. `within_chance`:
    numbers of this size differ by as much without any reason. `chosen_by_sales`: picked for having sold well lately, and
    so likely to sell less afterwards whatever was done.
    """

    run_id: str
    changed_on: date
    products: int
    examples: list[str]
    left_out: int
    shared: int
    verdict: Verdict
    days_since: int
    chosen_by_sales: bool
    days: int | None = None
    before_from: date | None = None
    before_to: date | None = None
    after_from: date | None = None
    after_to: date | None = None
    before: Figures | None = None
    after: Figures | None = None
    rest_before: int | None = None
    rest_after: int | None = None
    within_chance: bool | None = None


class EffectRule(BaseModel):
    least_days: int
    most_days: int
    least_orders: int
    least_views: int


class EffectOfWeek(BaseModel):
    """Changes of this week and the two before it that touched products and still stand, newest first.

    `widest`: of those measured and not `chosen_by_sales`, the run with the most orders; never the best one.
    """

    rule: EffectRule
    widest: str | None
    compared: list[Comparison]


class DayCost(BaseModel):
    day: date
    amount: int
    count: int


class CouponOfWeek(BaseModel):
    coupon: str
    made_by: CouponMaker
    amount: int
    count: int


class MonthOutlook(BaseModel):
    """As of the report: used this month, expected by its end with its range, and the budget PRO keeps to."""

    month: str
    used: int
    expected: int
    low: int
    high: int
    budget: int | None


class CostOfWeek(BaseModel):
    """`outstanding_expected`, `outstanding_max`: what coupons already given out may still cost."""

    amount: int
    count: int
    by_day: list[DayCost]
    by_coupon: list[CouponOfWeek]
    outstanding_expected: int
    outstanding_max: int
    outstanding_bounded: bool
    outlook: MonthOutlook


class CreditOfWeek(BaseModel):
    """In credits; `left` and `reserved` as of the report."""

    kind: CreditKind
    topped_up: int
    used: int
    left: int
    reserved: int


class DealWaiting(BaseModel):
    product: str
    last_day: date


class WaitingForMerchant(BaseModel):
    """As of the report. `unanswered`: inquiries without a draft for more than a day. `questions`: open requests we asked back about."""

    setup: list[str]
    deals: list[DealWaiting]
    drafts: int
    unanswered: int
    questions: list[int]

    @property
    def count(self) -> int:
        return len(self.setup) + len(self.deals) + self.drafts + self.unanswered + len(self.questions)


class WeeklyContents(BaseModel):
    """Everything a report tells; what is not of the week itself is as of `as_of`."""

    as_of: datetime
    counted_to: date
    runs: RunsOfWeek
    effect: EffectOfWeek
    cost: CostOfWeek
    credit: list[CreditOfWeek]
    off: list[OffSwitchOut]
    waiting: WaitingForMerchant
    requests_open: int
    next_days: tuple[date, date]
    next_week: list[UpcomingOut]


class ReportLinks(BaseModel):
    """Addresses on this server that open without a token until `valid_until`, for this one report."""

    page: str
    pdf: str
    valid_until: datetime


class WeeklyReportOut(BaseModel):
    """`previous`: the Monday of the newest stored report before this one."""

    monday: date
    sunday: date
    state: ReportState
    made_at: datetime | None
    previous: date | None
    links: ReportLinks
    contents: WeeklyContents


class WeeklyReportRow(BaseModel):
    monday: date
    sunday: date
    made_at: datetime
    done: int
    failed: int
    promotion_cost: int


class WeeklyReportPage(BaseModel):
    """Stored reports, newest first."""

    items: list[WeeklyReportRow]
    total: int
    limit: int
    offset: int
