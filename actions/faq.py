"""Questions about PRO itself: the policy in a sentence or two, this shop's live facts, then buttons (source: 000)."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.coupons import named_coupons, show_coupons
from actions.handoff import hand_over
from actions.not_yet import later_area, say_not_yet
from actions.pointing import thing_of
from actions.request_menu import offer_from_menu
from actions.turn import Json, Turn
from backend.kit import clock

Facts = Callable[[Turn], Awaitable[Json]]


async def _scope(turn: Turn) -> Json:
    market = turn.entity("market") or turn.given.get("market")
    return {"market": market, "operations": await turn.api.operations(), "accounts": await turn.api.markets()}


async def _setup(turn: Turn) -> Json:
    return {"setup": {i["key"]: i for i in await turn.api.setup()}}


async def _images(turn: Turn) -> Json:
    """Whether the market service is used, as the gate sees it, and what hangs on it."""
    verdicts = await turn.api.gate(operation="product_name")
    checks = [c for v in verdicts if v["market"] != "mall" for c in v["checks"] if c["code"] == "service_not_active"]
    return {"active": all(c["passed"] for c in checks), "accounts": await turn.api.markets()}


async def _before_leaving(turn: Turn) -> Json:
    page, off = await turn.api.runs(state="done", limit=1), await turn.api.off_list()
    return {"done": page["total"], "off": off}


async def _recent(turn: Turn) -> Json:
    page = await turn.api.runs(state="done", limit=3)
    return {"runs": page["items"]}


async def _latest_any(turn: Turn) -> Json:
    page = await turn.api.runs(limit=1)
    return {"runs": page["items"], "total": page["total"]}


async def _off(turn: Turn) -> Json:
    return {"off": await turn.api.off_list()}


async def _requests(turn: Turn) -> Json:
    return {"types": await turn.api.request_catalogue()}


async def _display(turn: Turn) -> Json:
    gate = await turn.api.gate(operation="main_display")
    upcoming = await turn.api.schedule(operation="main_display")
    items = upcoming["items"] if isinstance(upcoming, dict) else upcoming
    return {"gate": gate[0] if gate else None, "next": items[0] if items else None}


async def _addon(turn: Turn) -> Json:
    waiting = (await turn.api.message_summary())["waiting"]
    return {**await _setup(turn), "credit": await turn.api.addon_credit(), "waiting": waiting}


async def _costs(turn: Turn) -> Json:
    today = clock.today()
    return {"costs": await turn.api.coupon_costs(from_=today.replace(day=1).isoformat(), to=today.isoformat())}


async def _pro_coupons(turn: Turn) -> Json:
    found = await turn.api.coupons(made_by="pro", state="live")
    return {"coupons": found["items"] if isinstance(found, dict) else found}


#: question → (facts it needs, the buttons it offers as (wording, intent, entities))
QUESTIONS: dict[str, tuple[Facts, list[tuple[str, str, Json]]]] = {
    "market_scope": (_scope, [("market_health", "market_status", {}), ("status", "ops_status", {})]),
    "marketplus_required": (_setup, [("setup", "ops_setup_status", {}), ("market_health", "market_status", {})]),
    "image_hosting": (_images, [("market_scope", "faq/market_scope", {}), ("agent", "handoff_request", {})]),
    "changed_without_consent": (
        _recent,
        [("detail", "ops_explain", {}), ("put_back", "ops_undo", {}), ("turn_off", "ops_off", {})],
    ),
    "where_to_see_work": (_latest_any, [("status", "ops_status", {}), ("schedule", "ops_schedule", {})]),
    "how_to_turn_off": (_off, [("turn_off", "ops_off", {}), ("off_list", "ops_off_list", {})]),
    "how_to_request_work": (
        _requests,
        [("request", "work_request_catalog", {}), ("request_status", "work_request_status", {})],
    ),
    "work_not_in_menu": (_requests, [("request", "work_request_catalog", {}), ("agent", "handoff_request", {})]),
    "main_display_notice": (
        _display,
        [
            ("display_next", "display_preview", {}),
            ("off_display", "ops_off", {"operation": "main_display"}),
            ("pin", "display_pin", {}),
        ],
    ),
    "main_display_criteria": (_display, [("display_next", "display_preview", {}), ("pin", "display_pin", {})]),
    "promotion_cost_bearer": (
        _costs,
        [("cost", "promotion_cost_report", {}), ("off_coupons", "ops_off", {"operation": "promotion_coupon"})],
    ),
    "coupon_deletion": (
        _pro_coupons,
        [("off_coupons", "ops_off", {"operation": "promotion_coupon"}), ("cost", "promotion_cost_report", {})],
    ),
    "addon_cost": (_addon, [("messages", "customer_message_status", {}), ("setup", "ops_setup_status", {})]),
}
#: what helps instead while PRO has done nothing yet
AFTER_A_RUN: dict[str, tuple[str, str, Json]] = {
    "changed_without_consent": ("agent", "handoff_request", {}),
    "where_to_see_work": ("not_running", "ops_not_running", {}),
}
FOCUS = {
    "main_display_notice": "main_display",
    "main_display_criteria": "main_display",
    "promotion_cost_bearer": "promotion_coupon",
    "coupon_deletion": "promotion_coupon",
}


class Faq(TurnAction):
    action_name: ClassVar[str] = "action_faq"

    async def handle(self, turn: Turn) -> None:
        question = (turn.faq or "").removeprefix("faq/")
        if question == "stop_service":
            turn.say("faq.stop_service", **await _before_leaving(turn))
            await hand_over(turn, "stop_service")
            return
        if question == "work_not_in_menu" and await offer_from_menu(turn):
            return
        if area := later_area(f"faq/{question}"):
            say_not_yet(turn, area)
            return
        if question not in QUESTIONS:
            turn.say("fallback.not_understood")
            turn.offer(turn.link_button("menu", "help"), turn.link_button("agent", "handoff_request"))
            return
        facts, offers = QUESTIONS[question]
        known: dict[str, Any] = await facts(turn)
        turn.say(f"faq.{question}", **known)
        if question in FOCUS:
            turn.look_at(operation=FOCUS[question])
        if question == "coupon_deletion":
            self._protect(turn, known["coupons"])
        if question == "changed_without_consent" and known["runs"]:
            run = known["runs"][0]
            turn.look_at(run_id=run["id"], operation=run["operation"], market=run["market"])
        if question in AFTER_A_RUN and not known["runs"]:
            offers = [AFTER_A_RUN[question], ("setup", "ops_setup_status", {})]
        made: list[blocks.Block] = [turn.link_button(word, intent, **entities) for word, intent, entities in offers]
        if question == "marketplus_required" and not known["setup"]["marketplus"]["done"]:
            fix = known["setup"]["marketplus"]["fix"]
            made.insert(0, blocks.link(turn.words(f"fix.{fix['code']}"), fix["href"]))
        turn.offer(*made)

    @staticmethod
    def _protect(turn: Turn, coupons: list[Json]) -> None:
        """The coupon asked about, else every live one of PRO, each with its way to stop it."""
        named = thing_of(turn, "coupon_id")
        meant = [c for c in coupons if c["id"] == named] or (
            [] if turn.is_payload else named_coupons(turn.text, coupons)
        )
        shown = meant or coupons
        if not shown:
            return
        show_coupons(turn, shown)
        if len(shown) == 1:
            turn.look_at(coupon_id=shown[0]["id"], operation=FOCUS["coupon_deletion"])
