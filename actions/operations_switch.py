"""OFF and ON of operations, and what is OFF now (source: 000)."""

from datetime import date, timedelta
from typing import ClassVar

from actions import blocks
from actions.announced import look_at_notice
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.ending import PERIOD, with_period
from actions.operations_off_period import changes_standing
from actions.plans import propose
from actions.scope import EXCLUDING, KEYS, scope_of
from actions.several import spell_out
from actions.spared import only_refuses, only_starts
from actions.turn import Json, Turn
from backend.kit import clock

NAMED = frozenset({"operation", "area", "market", "everything"})


async def operation_choices(turn: Turn) -> list[Json]:
    return [{"value": o["key"], "title": turn.name("operation", o["key"])} for o in await turn.api.operations()]


class OpsOff(TurnAction):
    """Switch off one operation, a market, an area or everything, for good or until a day."""

    action_name: ClassVar[str] = "action_ops_off"
    wish: ClassVar[str | None] = "ops_off"

    async def handle(self, turn: Turn) -> None:
        if not turn.given and only_starts(turn):
            await WISHES["ops_on"].handle(turn)
            return
        if only_refuses(turn):
            await self._leave_on(turn)
            return
        self._go_on_from_preview(turn)
        if not turn.given and not turn.slot("plan") and not turn.is_payload:
            await look_at_notice(turn)
        scope = await spell_out(turn, scope_of(turn))
        if await changes_standing(turn, scope):
            return
        values: Json = {**scope, **with_period(turn, turn.given)}
        if not (NAMED & scope.keys()):
            ask(turn, "ops_off", values, "operation", kind="operation", choices=await operation_choices(turn))
            return
        try:
            await self._propose(turn, values)
        except BackendError as error:
            if not await self._offer_way_on(turn, error, values):
                raise

    @staticmethod
    async def _leave_on(turn: Turn) -> None:
        """ "끄지 마": the opposite of a wish; a preview that waits is dropped."""
        from actions.plans import drop_pending

        await drop_pending(turn)
        turn.say("ops_off.left_on")

    @staticmethod
    def _go_on_from_preview(turn: Turn) -> None:
        """ "다음 주까지만 꺼줘" or a day from the picker, while a preview waits that says what."""
        pending = turn.slot("plan")
        if turn.given or not pending or pending["wish"] != "ops_off":
            return
        names = {e["entity"] for e in turn.entities if e.get("role") != "excluded"}
        if names & {"operation", "scope", "reference", "ordinal"} or (turn.is_payload and names != {"date"}):
            return
        turn.given = dict(pending["values"])

    @staticmethod
    async def _propose(turn: Turn, values: Json) -> None:
        if values.get("then") and not turn.given.get("then"):
            turn.say("ops_off.one_by_one", first=values, then=values["then"])
        await propose(turn, "ops_off", values, "ops.off", {k: v for k, v in values.items() if k in (*KEYS, *PERIOD)})
        turn.look_at(operation=values.get("operation"), market=values.get("market"))
        if not values.get("until"):
            turn.add(end_picker(turn, values))

    @staticmethod
    async def _offer_way_on(turn: Turn, error: BackendError, values: Json) -> bool:
        """A refusal with what can be done instead; False when there is nothing to add."""
        if error.code in ("until_past", "until_before_start"):
            turn.problem(error)
            rest = {k: v for k, v in values.items() if k not in PERIOD}
            ask(turn, "ops_off", rest, "until", kind="date", min=clock.today().isoformat())
        elif error.code == "already_off":
            turn.problem(error)
            switch = error.data["switches"][0]
            turn.look_at(operation=switch["operation"], market=switch["market"])
            turn.offer(
                turn.link_button("turn_on", "ops_on", switch_id=switch["id"]),
                turn.link_button("off_list", "ops_off_list"),
            )
        elif error.code == "operation_not_on_market":
            turn.problem(error)
            turn.look_at(operation=values["operation"])
            turn.offer(turn.link_button("off_this", "ops_off", operation=values["operation"]))
        elif error.code == "operation_not_available":
            turn.problem(error)
            turn.offer(turn.link_button("agent", "handoff_request"))
        elif error.code == "forbidden":
            turn.problem(error)
            choices = await operation_choices(turn)
            turn.offer(*(blocks.button(c["title"], "ops_off", operation=c["value"]) for c in choices))
        else:
            return False
        return True


def end_picker(turn: Turn, values: Json) -> blocks.Block:
    """For good unless a day is chosen: the picker corrects the preview that waits."""
    today = clock.today()
    quick = [
        {"title": turn.words(f"ops_off.quick.{name}"), "date": day.isoformat()} for name, day in _quick_days(today)
    ]
    # the preview knows what is left out or comes next; a button carries plain names only
    names = {} if values.keys() & {*EXCLUDING, "then", "starts"} else {k: values[k] for k in NAMED if k in values}
    return {
        "type": "date_picker", "title": turn.words("ops_off.pick_date"), "min": today.isoformat(), "max": None,
        "payload": blocks.payload("ops_off", date="$DATE", **names), "quick": quick,
    }  # fmt: skip


def _quick_days(today: date) -> list[tuple[str, date]]:
    """Ends that are worth a button: not today itself."""
    sunday = today + timedelta(days=6 - today.weekday())
    first_of_next = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    found = [("week", sunday), ("next_week", sunday + timedelta(days=7)), ("month", first_of_next - timedelta(days=1))]
    return [(name, day) for name, day in found if day > today]


class OpsOn(TurnAction):
    action_name: ClassVar[str] = "action_ops_on"
    wish: ClassVar[str | None] = "ops_on"

    async def handle(self, turn: Turn) -> None:
        switch = turn.entity("switch_id") or turn.given.get("switch_id")
        pointed = turn.pointed_at()
        scope = await spell_out(turn, scope_of(turn, with_focus=not pointed))
        if not switch and not (NAMED & scope.keys()) and pointed:
            switch = pointed.get("switch_id")
            scope = {k: pointed[k] for k in ("operation", "market") if pointed.get(k)}
        if switch:
            scope = {"switch_id": switch}
        if not scope:
            switches: list[Json] = await turn.api.off_list()
            if not switches:
                turn.say("off_list.none")
                return
            if len(switches) > 1:
                turn.say("ops_on.which")
                show_switches(turn, switches)
                return
            scope = {"switch_id": switches[0]["id"]}
        await propose(turn, "ops_on", scope, "ops.on", {k: v for k, v in scope.items() if k != "then"})


def show_switches(turn: Turn, switches: list[Json]) -> None:
    turn.add(blocks.cards([switch_card(turn, s) for s in switches[:8]]))
    turn.show_list([{"operation": s["operation"], "market": s["market"], "switch_id": s["id"]} for s in switches])


def switch_card(turn: Turn, switch: Json) -> blocks.Block:
    return blocks.card(
        turn.words("scope", switch=switch),
        [(turn.words("off_list.until_label"), turn.words("off_list.until", switch=switch)),
         (turn.words("off_list.by_label"), turn.words("off_list.by", switch=switch))],
        badge=(turn.words("off_list.badge", switch=switch), "muted" if switch["upcoming"] else "warn"),
        actions=[turn.link_button("turn_on", "ops_on", switch_id=switch["id"]),
                 turn.link_button("change_end", "ops_off", switch_id=switch["id"])],
    )  # fmt: skip


class OpsOffList(TurnAction):
    action_name: ClassVar[str] = "action_ops_off_list"

    async def handle(self, turn: Turn) -> None:
        switches: list[Json] = await turn.api.off_list()
        if not switches:
            turn.say("off_list.none")
            turn.offer(turn.link_button("status", "ops_status"), turn.link_button("turn_off", "ops_off"))
            return
        upcoming = sum(1 for s in switches if s["upcoming"])
        turn.say("off_list.intro", n=len(switches) - upcoming, upcoming=upcoming)
        show_switches(turn, switches)
        if len(switches) == 1:
            turn.look_at(operation=switches[0]["operation"], market=switches[0]["market"])
