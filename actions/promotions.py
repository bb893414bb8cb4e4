"""What promotions cost the merchant: used, still outstanding, forecast with its formula (source: 000)."""

import re
from datetime import date
from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.coupons import coupon_card, named_coupons
from actions.operations_status import period_of
from actions.pointing import thing_of
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_period

Days = tuple[date, date]
_BETWEEN = re.compile(r"(?<=[달주월번년])(?:이랑|하고|과|와|랑|대비|보다)\s*|\s+(?:대비|vs)\s+", re.IGNORECASE)


def _compared(turn: Turn) -> list[Days] | None:
    """Two periods named in one question ("지난달이랑 이번 달"), earliest first."""
    if turn.is_payload:
        return None
    parts = [parse_period(part, clock.today()) for part in _BETWEEN.split(turn.text, maxsplit=1)]
    found = sorted(part for part in parts if part)
    return found if len(found) == 2 and found[0] != found[1] and found[1][0] <= clock.today() else None


class PromotionCostReport(TurnAction):
    action_name: ClassVar[str] = "action_promotion_cost_report"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        coupon = await self._coupon(turn)
        if coupon:
            await self._of_coupon(turn, coupon)
            return
        period = period_of(turn) or (clock.today().replace(day=1), clock.today())
        if period[0] > clock.today():
            await self._ahead(turn)
            return
        if earlier := _compared(turn):
            await self._compare(turn, earlier)
            return
        costs = await turn.api.coupon_costs(from_=period[0].isoformat(), to=min(period[1], clock.today()).isoformat())
        turn.say("costs.report", costs=costs)
        if costs["by_coupon"]:
            rows = [
                [
                    c["coupon"],
                    turn.words("costs.count", n=c["used_count"]),
                    turn.words("costs.amount", n=c["used_amount"]),
                ]
                for c in costs["by_coupon"][:6]
            ]
            more = turn.words("more.coupons", n=len(costs["by_coupon"]) - 6) if len(costs["by_coupon"]) > 6 else None
            turn.add(blocks.table(turn.words("costs.by_coupon"), turn.words("costs.columns").split("|"), rows, more))
        if period[1] >= clock.today():  # a past period has no outlook
            turn.say("costs.outlook", costs=costs)
            turn.say("addon_credit.in_report", credit=await turn.api.addon_credit())
        turn.look_at(operation="promotion_coupon")
        if costs["by_coupon"]:
            turn.show_list([{"coupon_id": c["coupon_id"]} for c in costs["by_coupon"]])
        turn.offer(
            turn.link_button("coupon_runs", "ops_status", operation="promotion_coupon"),
            turn.link_button("off_coupons", "ops_off", operation="promotion_coupon"),
            turn.link_button("who_pays", "faq/promotion_cost_bearer"),
        )

    @staticmethod
    async def _ahead(turn: Turn) -> None:
        """A period that has not begun has no cost; what is known is where this month is heading."""
        costs = await turn.api.coupon_costs()
        turn.say("costs.not_yet")
        turn.say("costs.outlook", costs=costs)
        turn.look_at(operation="promotion_coupon")
        turn.offer(
            turn.link_button("off_coupons", "ops_off", operation="promotion_coupon"),
            turn.link_button("who_pays", "faq/promotion_cost_bearer"),
        )

    @staticmethod
    async def _compare(turn: Turn, periods: list[Days]) -> None:
        """The periods side by side, earliest first; one that still runs is told as such."""
        costs = [
            await turn.api.coupon_costs(from_=first.isoformat(), to=min(last, clock.today()).isoformat())
            for first, last in periods
        ]
        turn.say("costs.compared", earlier=costs[0], later=costs[-1], running=periods[-1][1] >= clock.today())
        rows = [
            [
                turn.words("costs.period", costs=c),
                turn.words("costs.count", n=c["used_count"]),
                turn.words("costs.amount", n=c["used_amount"]),
            ]
            for c in costs
        ]
        turn.add(blocks.table(turn.words("costs.by_period"), turn.words("costs.period_columns").split("|"), rows))
        turn.look_at(operation="promotion_coupon")
        turn.offer(
            turn.link_button("cost", "promotion_cost_report"),
            turn.link_button("coupon_runs", "ops_status", operation="promotion_coupon"),
        )

    @staticmethod
    async def _coupon(turn: Turn) -> Json | None:
        """The one coupon this asks about: by its button, its place in the list, "그 쿠폰" or its name."""
        coupons: list[Json] = await turn.api.coupons()
        named = thing_of(turn, "coupon_id")
        meant = [c for c in coupons if c["id"] == named] if named else []
        if not named and not turn.is_payload:
            meant = named_coupons(turn.text, coupons)
        return meant[0] if len(meant) == 1 else None

    @staticmethod
    async def _of_coupon(turn: Turn, coupon: Json) -> None:
        costs = await turn.api.coupon_costs()
        left = next((c for c in costs["outstanding"]["by_coupon"] if c["coupon_id"] == coupon["id"]), None)
        turn.say("coupons.cost", coupon=coupon, left=left)
        turn.add(coupon_card(turn, coupon))
        turn.look_at(coupon_id=coupon["id"])
