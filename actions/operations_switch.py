"""OFF, ON, what is OFF now, and putting back (source: 000)."""

from datetime import timedelta
from typing import Any, ClassVar

from actions import blocks
from actions.answers import date_of
from actions.asking import ask
from actions.base import TurnAction
from actions.plans import propose
from actions.scope import scope_of
from actions.turn import Json, Turn
from backend.kit import clock


async def operation_choices(turn: Turn) -> list[Json]:
    return [{"value": o["key"], "title": turn.name("operation", o["key"])} for o in await turn.api.operations()]


class OpsOff(TurnAction):
    """Switch off one operation, a market, an area or everything, for good or until a day."""

    action_name: ClassVar[str] = "action_ops_off"
    wish: ClassVar[str | None] = "ops_off"

    async def handle(self, turn: Turn) -> None:
        if turn.entity("negation") == "keep":  # "끄지 마": the opposite of a wish
            turn.say("ops_off.left_on")
            return
        scope = scope_of(turn)
        values: Json = {**scope}
        until = date_of(turn) or turn.given.get("until")
        if until and turn.given.get("forever"):
            until = None
        if until:
            values["until"] = until
        if not ({"operation", "area", "market", "everything"} & scope.keys()):
            ask(turn, "ops_off", values, "operation", kind="operation", choices=await operation_choices(turn))
            return
        await propose(turn, "ops_off", values, "ops.off", values)
        if not until:
            self._offer_dates(turn, values)

    @staticmethod
    def _offer_dates(turn: Turn, values: Json) -> None:
        """For good unless a day is chosen: the picker corrects the preview that waits."""
        today = clock.today()
        sunday = today + timedelta(days=6 - today.weekday())
        quick = [
            {"title": turn.words("ops_off.quick.week"), "date": sunday.isoformat()},
            {"title": turn.words("ops_off.quick.month"), "date": _month_end(today).isoformat()},
        ]
        turn.add({
            "type": "date_picker", "title": turn.words("ops_off.pick_date"), "min": today.isoformat(), "max": None,
            "payload": blocks.payload("ops_off", date="$DATE", **{k: v for k, v in values.items() if k in ("operation", "market", "area", "everything")}),
            "quick": quick,
        })  # fmt: skip


def _month_end(day: Any) -> Any:
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


class OpsOn(TurnAction):
    action_name: ClassVar[str] = "action_ops_on"
    wish: ClassVar[str | None] = "ops_on"

    async def handle(self, turn: Turn) -> None:
        switch = turn.entity("switch_id")
        scope = (
            {"switch_id": switch} if switch else {k: v for k, v in scope_of(turn).items() if k != "excluded_markets"}
        )
        if not scope:
            switches: list[Json] = await turn.api.off_list()
            if len(switches) == 1:
                scope = {"switch_id": switches[0]["id"]}
            elif not switches:
                turn.say("off_list.none")
                return
            else:
                turn.say("ops_on.which")
                turn.add(blocks.cards([switch_card(turn, s) for s in switches]))
                return
        await propose(turn, "ops_on", scope, "ops.on", scope)


def switch_card(turn: Turn, switch: Json) -> blocks.Block:
    return blocks.card(
        turn.words("scope", **{k: switch[k] for k in ("operation", "area", "market")}),
        [(turn.words("off_list.until_label"), turn.words("off_list.until", switch=switch)),
         (turn.words("off_list.by_label"), turn.words("off_list.by", switch=switch))],
        badge=("OFF", "warn"),
        actions=[turn.link_button("turn_on", "ops_on", switch_id=switch["id"])],
    )  # fmt: skip


class OpsOffList(TurnAction):
    action_name: ClassVar[str] = "action_ops_off_list"

    async def handle(self, turn: Turn) -> None:
        switches: list[Json] = await turn.api.off_list()
        if not switches:
            turn.say("off_list.none")
            return
        turn.say("off_list.intro", n=len(switches))
        turn.add(blocks.cards([switch_card(turn, s) for s in switches[:8]]))
        turn.show_list([{"operation": s["operation"], "market": s["market"], "switch_id": s["id"]} for s in switches])
        if len(switches) == 1:
            turn.look_at(operation=switches[0]["operation"], market=switches[0]["market"])


class OpsUndo(TurnAction):
    """Puts back: the thing named, else what was just done here, else the run last shown, else the latest run."""

    action_name: ClassVar[str] = "action_ops_undo"
    wish: ClassVar[str | None] = "ops_undo"

    async def handle(self, turn: Turn) -> None:
        source = await self._source(turn)
        if source is None:
            turn.say("ops_undo.what")
            turn.offer(turn.link_button("status", "ops_status", status="done"))
            return
        await propose(turn, "ops_undo", source, "undo", source)

    async def _source(self, turn: Turn) -> Json | None:
        if turn.entity("source_id"):
            return {"source_type": turn.entity("source_type"), "source_id": turn.entity("source_id")}
        place, shown = turn.entity("ordinal"), turn.slot("shown") or []
        if isinstance(place, int) and shown and (1 <= place <= len(shown) or place == -1):
            run_id = shown[place - 1 if place > 0 else -1].get("run_id")
            if run_id:
                return {"source_type": "run", "source_id": run_id}
        operation, market = turn.entity("operation"), turn.entity("market")
        if operation or market:
            run = await turn.api.latest_run(operation=operation, market=market, state="done")
            return {"source_type": "run", "source_id": run["id"]}
        product = await turn.api.find_products(turn.text) if not turn.is_payload and len(turn.text) > 5 else []
        if product:
            told = [c for c in await turn.api.explain(product_id=product[0]["id"]) if not c.get("undone")]
            if told:
                targets = [c["target_id"] for c in told if c["run"]["id"] == told[0]["run"]["id"]]
                return {"source_type": "run", "source_id": told[0]["run"]["id"], "target_ids": targets}
        last_done = turn.slot("last_done")
        if last_done and not turn.focus.get("run_id"):
            return dict(last_done)
        if turn.focus.get("run_id"):
            return {"source_type": "run", "source_id": turn.focus["run_id"]}
        return dict(last_done) if last_done else None
