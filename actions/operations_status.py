"""What ran, runs and will run; and why one thing was done."""

from datetime import date
from typing import Any, ClassVar

from actions import blocks
from actions.announced import look_at_notice
from actions.base import TurnAction
from actions.changes import diff_block
from actions.client.errors import BackendError
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_period

TONE = {
    "done": "ok",
    "running": "ok",
    "scheduled": "muted",
    "announced": "warn",
    "nothing": "muted",
    "failed": "bad",
    "dropped": "muted",
    "reverted": "warn",
}
LISTED = 5
FOUND = 3
WAITING = ("scheduled", "announced")


def period_of(turn: Turn) -> tuple[date, date] | None:
    """The period this message names, as days in Seoul."""
    return None if turn.is_payload else parse_period(turn.text, clock.today())


class OpsStatus(TurnAction):
    """작업현황: the runs of a period, newest first, with what each changed (source: 000)."""

    action_name: ClassVar[str] = "action_ops_status"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        period = period_of(turn)
        operation, market, state = turn.about("operation"), turn.about("market"), turn.entity("status")
        page = await turn.api.runs(
            operation=operation, market=market, state=state, limit=LISTED,
            from_=period[0].isoformat() if period else None, to=period[1].isoformat() if period else None,
        )  # fmt: skip
        turn.say(
            "ops_status.intro", total=page["total"], period=period, operation=operation, market=market, state=state
        )
        if not page["items"]:
            turn.offer(
                turn.link_button("why_not", "ops_not_running", operation=operation),
                turn.link_button("schedule", "ops_schedule"),
            )
            return
        turn.add(blocks.cards([run_card(turn, run) for run in page["items"]]))
        turn.show_list([{"run_id": r["id"], "operation": r["operation"], "market": r["market"]} for r in page["items"]])
        newest = next((r for r in page["items"] if r["state"] == "done"), page["items"][0])
        turn.look_at(run_id=newest["id"], operation=newest["operation"], market=newest["market"])
        if page["total"] > LISTED:
            turn.say("ops_status.more", n=page["total"] - LISTED)
        turn.offer(turn.link_button("schedule", "ops_schedule"), turn.link_button("off_list", "ops_off_list"))


def run_card(turn: Turn, run: Json) -> blocks.Block:
    buttons = [turn.link_button("detail", "ops_explain", run_id=run["id"])]
    if run.get("undoable"):
        buttons.append(turn.link_button("put_back", "ops_undo", source_type="run", source_id=run["id"]))
    if run["state"] in WAITING:
        buttons.append(turn.link_button("postpone", "ops_postpone", run_id=run["id"]))
        buttons.append(turn.link_button("off_this", "ops_off", operation=run["operation"], market=run["market"]))
    return blocks.card(
        turn.words("run.title", run=run),
        [
            (turn.words("run.when_label"), turn.words("run.when", run=run)),
            (turn.words("run.result_label"), turn.words("run.result", run=run)),
        ],
        badge=(turn.name("run_state", run["state"]), TONE.get(run["state"], "muted")),
        actions=buttons,
    )


class OpsExplain(TurnAction):
    """Why and how: trigger, rule, findings, before and after, time; by run, product or operation."""

    action_name: ClassVar[str] = "action_ops_explain"
    topic: ClassVar[bool] = True
    wish: ClassVar[str | None] = "ops_explain"

    async def handle(self, turn: Turn) -> None:
        run = await self._run(turn)
        if run is None:
            return
        turn.look_at(run_id=run["id"], operation=run["operation"], market=run["market"])
        turn.asked = {"operation": run["operation"], "market": run["market"]}
        turn.add(blocks.text("\n".join(self._told(turn, run))))
        shown = diff_block(turn, run["changes"], turn.words("diff.past"))
        if shown:
            turn.add(shown)
        items = []
        if run.get("undoable"):
            items.append(turn.link_button("put_back", "ops_undo", source_type="run", source_id=run["id"]))
        if run["state"] in WAITING:
            items.append(turn.link_button("postpone", "ops_postpone", run_id=run["id"]))
        items.append(turn.link_button("off_this", "ops_off", operation=run["operation"], market=run["market"]))
        if run["state"] in WAITING and run["operation"] == "main_display":
            items.append(turn.link_button("display_next", "display_preview"))
        turn.offer(*items)

    @staticmethod
    def _told(turn: Turn, run: Json) -> list[str]:
        """One answer: what was done and by which rule, what was found, and the coupons that came of it."""
        found = [f for f in run["findings"] if f"finding.{f['code']}" in _keys()][:FOUND]
        coupons = [c for c in run["changes"] if c["op"] == "create" and c["target_type"] == "coupon"]
        lines = [turn.words("ops_explain.run", run=run)]
        lines += [turn.words(f"finding.{f['code']}", label=f["label"], evidence=f["evidence"]) for f in found]
        lines += [turn.words("ops_explain.coupon_made", coupon=c["after"]) for c in coupons[:FOUND]]
        if len(coupons) > FOUND:
            lines.append(turn.words("more.coupons", n=len(coupons) - FOUND))
        return [line for line in lines if line]

    async def _run(self, turn: Turn) -> Json | None:
        named = turn.entity("run_id") or (turn.pointed_at() or {}).get("run_id")
        operation, market = turn.about("operation"), turn.about("market")
        if not named and not operation and not market and (notice := await look_at_notice(turn)):
            named = notice["id"]
        if not named:
            product = await self._product(turn)
            if product:
                await self._explain_product(turn, product, operation, market)
                return None
        if not named and not operation and not market:
            named = turn.focus.get("run_id")
            operation = turn.focus.get("operation")
        try:
            if named:
                return await turn.api.run(named)
            return await turn.api.latest_run(operation=operation, market=market)
        except BackendError as error:
            if error.status != 404:
                raise
            turn.say("ops_explain.never_ran", operation=operation, market=market)
            turn.offer(turn.link_button("why_not", "ops_not_running", operation=operation))
            return None

    @staticmethod
    async def _product(turn: Turn) -> Json | None:
        if turn.is_payload or len(turn.text) < 5:
            return None
        found = await turn.api.find_products(turn.text)
        return found[0] if found else None

    @staticmethod
    async def _explain_product(turn: Turn, product: Json, operation: str | None, market: str | None) -> None:
        told = await turn.api.explain(product_id=product["id"], operation=operation, market=market)
        turn.look_at(product_id=product["id"])
        if not told:
            turn.say("ops_explain.product_untouched", product=product["name"], operation=operation, market=market)
            return
        turn.say("ops_explain.product", product=product["name"], changes=told)
        latest = told[0]
        turn.look_at(
            product_id=product["id"],
            run_id=latest["run"]["id"],
            operation=latest["run"]["operation"],
            market=latest["run"]["market"],
        )
        shown = diff_block(turn, told[:6], turn.words("diff.past"))
        if shown:
            turn.add(shown)
        turn.offer(
            turn.link_button("detail", "ops_explain", run_id=latest["run"]["id"]),
            turn.link_button(
                "put_back", "ops_undo",
                source_type="run", source_id=latest["run"]["id"], product_id=product["id"],
            ),
        )  # fmt: skip


def _keys() -> frozenset[str]:
    from backend.kit.wording import wording

    return wording().keys()


class OpsSchedule(TurnAction):
    """What runs next, and when."""

    action_name: ClassVar[str] = "action_ops_schedule"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        period = None if turn.is_payload else parse_period(turn.text, clock.today())
        if period and period[1] < clock.today():
            period = None
        operation = turn.about("operation")
        upcoming: Any = await turn.api.schedule(
            operation=operation,
            from_=period[0].isoformat() if period else None, to=period[1].isoformat() if period else None,
        )  # fmt: skip
        items = upcoming["items"] if isinstance(upcoming, dict) else upcoming
        if period and not items:
            turn.say("ops_schedule.none_then", period=period, operation=operation)
            upcoming = await turn.api.schedule(operation=operation, from_=None, to=None)
            items = upcoming["items"] if isinstance(upcoming, dict) else upcoming
        turn.say("ops_schedule.intro", items=items[:8], operation=operation)
        turn.show_list(
            [{"operation": i["operation"], "market": i.get("market"), "run_id": i.get("run_id")} for i in items]
        )
        if len(items) == 1 or (operation and items):
            turn.look_at(operation=items[0]["operation"], market=items[0].get("market"))
        if items and operation:
            turn.offer(
                turn.link_button("what_changed", "ops_explain", operation=operation),
                turn.link_button("off_this", "ops_off", operation=operation),
            )
            return
        turn.offer(
            turn.link_button("why_not", "ops_not_running", operation=operation), turn.link_button("turn_off", "ops_off")
        )
