"""What promotions cost the merchant: used, still outstanding, forecast with its formula (source: 000)."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.coupons import coupon_card, named_coupons
from actions.operations_status import period_of
from actions.pointing import thing_of
from actions.turn import Json, Turn
from backend.kit import clock


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
            turn.say("costs.not_yet")
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
