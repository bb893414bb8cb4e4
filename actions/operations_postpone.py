"""Moving what PRO announced or planned: "내일 말고 금요일에", "다음 주로 미뤄줘", "오후 3시로" (source: 000, the notice before)."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from actions.announced import look_at_notice
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import parse_move

WAITING = ("scheduled", "announced")
ASK_AGAIN = frozenset({
    "move_past", "move_too_early", "move_hour", "move_too_far", "move_into_off", "starts_then_already",
})  # fmt: skip
#: under these another time for the preview that waits may be classified
MOVING = frozenset({"ops_postpone", "inform", "nlu_fallback", "deny", "affirm", "ops_off", "chitchat", "out_of_scope"})


class OpsPostpone(TurnAction):
    """Finds the run that waits, reads its new start, and previews the move."""

    action_name: ClassVar[str] = "action_ops_postpone"
    wish: ClassVar[str | None] = "ops_postpone"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        run = await self._run(turn)
        if run is None:
            return
        turn.look_at(run_id=run["id"], operation=run["operation"], market=run["market"])
        if run["state"] not in WAITING:
            code, at = ("run_started", "started_at") if run["state"] == "running" else ("run_over", "at")
            moment = run["started_at"] if run["state"] == "running" else run["finished_at"]
            turn.say(f"problem.{code}", data={**run, at: moment or run["scheduled_for"]})
            turn.offer(turn.link_button("detail", "ops_explain", run_id=run["id"]))
            return
        known = {"run_id": run["id"], "start": run["scheduled_for"]}
        to = said_move(turn, run["scheduled_for"]) or turn.given.get("to")
        if to is None:
            self._ask_when(turn, known, run)
            return
        try:
            await propose(turn, "ops_postpone", {**known, "to": to}, "ops.postpone", {"run_id": run["id"], "to": to})
        except BackendError as error:
            if error.code not in ASK_AGAIN | {"moved_too_often"}:
                raise
            turn.problem(error)
            if error.code == "moved_too_often":
                turn.offer(turn.link_button("off_this", "ops_off", operation=run["operation"], market=run["market"]))
            else:
                self._ask_when(turn, known, run)

    @staticmethod
    def _ask_when(turn: Turn, known: Json, run: Json) -> None:
        start = clock.seoul(datetime.fromisoformat(run["scheduled_for"])).date()
        quick = [
            {"title": turn.words(f"ops_postpone.quick.{name}"), "date": (start + timedelta(days=days)).isoformat()}
            for name, days in (("day", 1), ("two_days", 2), ("week", 7))
        ]
        ask(
            turn, "ops_postpone", known, "to", kind="move", start=run["scheduled_for"], run=run,
            min=clock.today().isoformat(), quick=quick,
        )  # fmt: skip

    async def _run(self, turn: Turn) -> Json | None:
        """The run meant; None when it was asked back or there is none."""
        named = turn.entity("run_id") or turn.given.get("run_id") or (turn.pointed_at() or {}).get("run_id")
        operation, market = turn.about("operation"), turn.about("market")
        if not named and not operation:
            notice = await look_at_notice(turn)
            named = notice["id"] if notice else turn.focus.get("run_id")
            operation = None if named else turn.focus.get("operation")
        if named:
            run: Json = await turn.api.run(named)
            if run["state"] in WAITING or turn.entity("run_id") or turn.given.get("run_id"):
                return run
            operation, market = operation or run["operation"], market or run["market"]
        return await self._of_operation(turn, operation, market)

    @staticmethod
    async def _of_operation(turn: Turn, operation: str | None, market: str | None) -> Json | None:
        waiting = await turn.api.runs(operation=operation, market=market, state="scheduled", limit=100)
        planned: list[Json] = waiting["items"]
        announced = [run for run in planned if run["state"] == "announced"]
        meant = announced if len(announced) == 1 and not operation else planned
        if len(meant) == 1:
            return meant[0]
        if not meant:
            running = await turn.api.runs(operation=operation, market=market, state="running", limit=1)
            if running["items"]:
                return cast("Json", running["items"][0])
            turn.say("problem.nothing_waiting", data={"operation": operation, "market": market})
            turn.offer(turn.link_button("schedule", "ops_schedule"))
            return None
        to = {"words": turn.text_beside_names} if not turn.is_payload else {}
        if operation:
            choices: list[Json] = [{"value": i["market"], "title": turn.name("market", i["market"])} for i in meant]
            ask(turn, "ops_postpone", {"operation": operation, **to}, "market", kind="market", choices=choices)
            return None
        keys = list(dict.fromkeys(i["operation"] for i in meant))[:8]
        choices = [{"value": key, "title": turn.name("operation", key)} for key in keys]
        ask(turn, "ops_postpone", to, "operation", kind="operation", choices=choices)
        return None

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        if not preview or turn.intent not in MOVING or turn.entity("operation") or turn.entity("scope"):
            return None
        to = said_move(turn, values["start"])
        if to is None or to == values.get("to"):
            return None
        shown = turn.words("ops_postpone.moment", to=to)
        return {"label": turn.words("ops_postpone.when_label"), "shown": shown, "values": {**values, "to": to}}


def said_move(turn: Turn, start: str) -> str | None:
    """ISO day or moment that this message, or the one that began the wish, names."""
    picked: Any = turn.entity("date")
    if turn.is_payload and picked:
        return str(picked)
    words = [turn.text_beside_names] if not turn.is_payload else []
    words += [turn.given["words"]] if turn.given.get("words") else []
    for said in words:
        to = parse_move(said, datetime.fromisoformat(start), clock.now())
        if to is not None:
            return to.isoformat()
    return None


async def continues_notice(turn: Turn) -> bool:
    """True when a message right after a notice names another time for what it told of ("금요일에 해줘")."""
    if turn.intent not in MOVING - {"ops_off", "ops_postpone"} or turn.entity("negation") == "keep":
        return False  # "내일 하지 마" says when not, and nothing else
    if said_move(turn, clock.now().isoformat()) is None:
        return False
    if await look_at_notice(turn) is None:
        return False
    await OpsPostpone().handle(turn)
    return True
