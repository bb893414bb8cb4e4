"""Which coupon is meant, what it cost, and stopping its issue: no coupon is ever deleted (source: 000)."""

import re
from typing import ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.pointing import SHOWERS, thing_of
from actions.turn import Json, Turn
from backend.kit.hangul import find_mention

LISTED = 5
#: in the name of nearly every coupon: says nothing about which
COMMON = re.compile(r"쿠폰|할인|프로모션|PRO|프로", re.IGNORECASE)
#: what is said of one coupon: deleting it, or only this one
ONE = re.compile(r"지우|지워|삭제|없애|날려|하나|[가-힣]만\s|그\s*쿠폰|이\s*쿠폰|제거")
CLEARLY, SURELY = 0.05, 0.3
TONE = {"live": "ok", "issue_stopped": "warn", "ended": "muted"}


def named_coupons(text: str, coupons: list[Json]) -> list[Json]:
    """Those whose name the text says, also in part or mistyped; several when it fits them alike."""
    bare = {coupon["id"]: COMMON.sub(" ", coupon["name"]) for coupon in coupons}
    found = find_mention(COMMON.sub(" ", text), bare.values())
    names = {m.name for m in found if m.score >= max(SURELY, found[0].score - CLEARLY)}
    return [coupon for coupon in coupons if bare[coupon["id"]] in names]


def coupon_card(turn: Turn, coupon: Json) -> blocks.Block:
    actions = []
    if coupon["state"] == "live":
        actions.append(turn.link_button("stop_coupon", "coupon_stop", coupon_id=coupon["id"]))
    actions.append(turn.link_button("coupon_cost", "promotion_cost_report", coupon_id=coupon["id"]))
    return blocks.card(
        coupon["name"],
        [(turn.words("coupons.benefit_label"), turn.words("coupons.benefit", coupon=coupon)),
         (turn.words("coupons.use_label"), turn.words("coupons.use", coupon=coupon)),
         (turn.words("coupons.until_label"), turn.words("coupons.until", coupon=coupon))],
        subtitle=turn.words("coupons.maker", coupon=coupon),
        badge=(turn.name("value", coupon["state"]), TONE[coupon["state"]]),
        actions=actions,
    )  # fmt: skip


def show_coupons(turn: Turn, coupons: list[Json]) -> None:
    turn.add(blocks.cards([coupon_card(turn, coupon) for coupon in coupons[:LISTED]]))
    turn.show_list([{"coupon_id": coupon["id"]} for coupon in coupons])


async def show_coupon(turn: Turn, coupon_id: str) -> None:
    coupon = next((c for c in await turn.api.coupons() if c["id"] == coupon_id), None)
    if coupon is None:
        raise BackendError("coupon_not_found", status=404)
    turn.look_at(coupon_id=coupon_id)
    turn.say("coupons.one", coupon=coupon)
    turn.add(coupon_card(turn, coupon))


SHOWERS["coupon_id"] = show_coupon


class CouponStop(TurnAction):
    """ "그 쿠폰 지워줘": explains why it stays, and previews that it is not issued any more."""

    action_name: ClassVar[str] = "action_coupon_stop"
    wish: ClassVar[str | None] = "coupon_stop"

    async def handle(self, turn: Turn) -> None:
        coupons: list[Json] = await turn.api.coupons()
        live = [coupon for coupon in coupons if coupon["state"] == "live"]
        named = thing_of(turn, "coupon_id", silent=ONE.search(turn.text) is not None)
        meant = [coupon for coupon in coupons if coupon["id"] == named]
        if not turn.is_payload and not turn.given and not (turn.entity("ordinal") or turn.entity("position")):
            meant = named_coupons(turn.text, live) or named_coupons(turn.text, coupons) or meant
        if not meant and not turn.is_payload and not turn.given and not ONE.search(turn.text):
            await WISHES["ops_off"].handle(turn)  # "쿠폰 발급 꺼줘" is about all that PRO makes
            return
        if named and not meant:
            raise BackendError("coupon_not_found", status=404)
        meant = meant or live
        if not meant:
            turn.say("coupons.none_live")
            turn.offer(turn.link_button("off_coupons", "ops_off", operation="promotion_coupon"))
            return
        if len(meant) > 1:
            show_coupons(turn, meant)
            choices = [{"value": coupon["id"], "title": coupon["name"]} for coupon in meant[:LISTED]]
            ask(turn, "coupon_stop", {}, "coupon_id", kind="choice", choices=choices)
            return
        await self._propose(turn, meant[0])

    @staticmethod
    async def _propose(turn: Turn, coupon: Json) -> None:
        if not turn.is_payload:
            turn.say("coupons.not_deleted", coupon=coupon)
        try:
            await propose(turn, "coupon_stop", {"coupon_id": coupon["id"]}, "coupon.stop", {"coupon_id": coupon["id"]})
        except BackendError as error:
            if error.code not in ("already_stopped", "coupon_ended"):
                raise
            turn.problem(error)
            turn.look_at(coupon_id=coupon["id"])
            turn.offer(turn.link_button("coupon_cost", "promotion_cost_report", coupon_id=coupon["id"]))
            return
        turn.look_at(coupon_id=coupon["id"])
        if coupon["made_by"] == "pro":
            turn.offer(turn.link_button("off_coupons", "ops_off", operation="promotion_coupon"))
