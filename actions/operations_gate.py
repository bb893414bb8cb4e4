"""Why an operation is not running, and which required settings are missing (source: 000)."""

from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.turn import Json, Turn

BADGE = {"ready": "ok", "not_due": "muted", "nothing_to_improve": "muted", "switched_off": "warn"}


class OpsNotRunning(TurnAction):
    """The gate's own verdict, in its order, with the step that removes the cause."""

    action_name: ClassVar[str] = "action_ops_not_running"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        operation, market = turn.about("operation"), turn.about("market")
        if not operation and not market and turn.entity("reference"):
            operation, market = turn.focus.get("operation"), turn.focus.get("market")
        verdicts: list[Json] = await turn.api.gate(operation=operation, market=market)
        if not verdicts:
            turn.say("ops_not_running.no_such_unit", operation=operation, market=market)
            return
        if operation:
            turn.look_at(operation=operation, market=market)
            self._one(turn, operation, verdicts)
        else:
            self._all(turn, verdicts, market)

    @staticmethod
    def _one(turn: Turn, operation: str, verdicts: list[Json]) -> None:
        stuck = [v for v in verdicts if troubles(v)]
        turn.say("ops_not_running.one", operation=operation, verdicts=verdicts, stuck=stuck)
        said: list[tuple[str, Any]] = []
        for verdict in (stuck or verdicts)[:4]:
            wanted = troubles(verdict) or verdict["blockers"]
            failing = [c for c in verdict["checks"] if c["code"] in wanted]
            for check in failing[:3]:
                if (check["code"], check["evidence"]) in said:
                    continue
                said.append((check["code"], check["evidence"]))
                turn.say(
                    f"gate.{check['code']}", evidence=check["evidence"], operation=operation, market=verdict["market"]
                )
        turn.offer(*fixes(turn, stuck or verdicts, operation))

    @staticmethod
    def _all(turn: Turn, verdicts: list[Json], market: str | None) -> None:
        stuck = [v for v in verdicts if troubles(v)]
        fine = [v for v in verdicts if v not in stuck]
        turn.say("ops_not_running.all", stuck=stuck, fine=fine, market=market)
        made = [_cause_card(turn, because, same) for because, same in _by_cause(turn, stuck)[:6]]
        if made:
            turn.add(blocks.cards(made))
            turn.show_list([{"operation": v["operation"], "market": v["market"]} for v in stuck])
        else:
            turn.offer(turn.link_button("schedule", "ops_schedule"))


def _by_cause(turn: Turn, stuck: list[Json]) -> list[tuple[str, list[Json]]]:
    """Verdicts whose first trouble reads the same stand together: one cause, one step."""
    found: dict[str, list[Json]] = {}
    for verdict in stuck:
        check = _check(verdict, troubles(verdict)[0])
        because = turn.words(
            f"gate.{check['code']}",
            evidence=check["evidence"],
            operation=verdict["operation"],
            market=verdict["market"],
        )
        found.setdefault(because, []).append(verdict)
    return list(found.items())


def _check(verdict: Json, code: str) -> Json:
    return next(c for c in verdict["checks"] if c["code"] == code)


def _cause_card(turn: Turn, because: str, same: list[Json]) -> blocks.Block:
    first = same[0]
    code = troubles(first)[0]
    units = [turn.words("unit", operation=v["operation"], market=v["market"]) for v in same]
    return blocks.card(
        turn.words("ops_not_running.units", shown=units[:3], more=len(units) - 3 if len(units) > 3 else 0),
        [(turn.words("ops_not_running.because"), because)],
        badge=(turn.name("gate", code), BADGE.get(code, "bad")),
        actions=fixes(turn, [first], first["operation"])[:2],
    )


def troubles(verdict: Json) -> list[str]:
    """What holds it beyond its own rhythm, most important first: waiting for its turn is no trouble."""
    return [code for code in verdict["blockers"] if code not in ("not_due", "nothing_to_improve")]


def fixes(turn: Turn, verdicts: list[Json], operation: str) -> list[blocks.Block]:
    """One button for each different step that helps, most important first."""
    made: dict[str, blocks.Block] = {}
    for verdict in verdicts:
        for check in verdict["checks"]:
            fix = check.get("fix")
            if check["passed"] or not fix or fix["code"] in made:
                continue
            if fix["code"] == "ops_on":
                made["ops_on"] = turn.link_button("turn_on", "ops_on", operation=operation, market=verdict["market"])
            elif fix["code"] == "ask_agent":
                made["ask_agent"] = turn.link_button("agent", "handoff_request")
            elif fix.get("href"):
                made[fix["code"]] = blocks.link(turn.words(f"fix.{fix['code']}"), fix["href"])
    return list(made.values())[:4]


class OpsSetupStatus(TurnAction):
    """Which required settings are missing, what waits for each, and where it is done."""

    action_name: ClassVar[str] = "action_ops_setup_status"

    async def handle(self, turn: Turn) -> None:
        items: list[Json] = await turn.api.setup()
        missing = [i for i in items if not i["done"]]
        turn.say("setup.status", items=items, missing=missing)
        if missing:
            turn.add(blocks.cards([self._card(turn, item) for item in missing]))

    @staticmethod
    def _card(turn: Turn, item: Json) -> blocks.Block:
        return blocks.card(
            turn.name("setup_item", item["key"]),
            [(turn.words("setup.needed_by_label"), turn.words("setup.needed_by", operations=item["needed_by"]))],
            badge=(turn.words("setup.missing_badge"), "warn"),
            actions=[
                blocks.link(turn.words(f"fix.{item['fix']['code']}"), item["fix"]["href"]),
                turn.link_button("setup_done", "ops_setup_complete", setup_item=item["key"]),
            ],
        )


VALUES = {"sender_number": "text", "alimtalk_profile": "text", "mail_sender": "text", "brand_info": "long_text"}


class OpsSetupComplete(TurnAction):
    """ "I finished it": checked against the state; what can be given in the chat is asked for and previewed."""

    action_name: ClassVar[str] = "action_ops_setup_complete"
    wish: ClassVar[str | None] = "ops_setup_complete"

    async def handle(self, turn: Turn) -> None:
        item = turn.entity("setup_item") or turn.given.get("setup_item")
        items: list[Json] = await turn.api.setup()
        missing = [i["key"] for i in items if not i["done"]]
        if not item:
            if not missing:
                turn.say("setup.status", items=items, missing=[])
                return
            choices = [{"value": k, "title": turn.name("setup_item", k)} for k in missing]
            ask(turn, "ops_setup_complete", {}, "setup_item", kind="setup_item", choices=choices)
            return
        if item not in missing:
            turn.say("setup.already", item=next((i for i in items if i["key"] == item), None), key=item)
            return
        from actions.plans import propose

        if "setup:complete" not in (await turn.api.me())["permissions"]:  # before asking for what could not be saved
            raise BackendError("forbidden", {"permission": "setup:complete"})
        if item in VALUES and not turn.given.get("value"):
            self._ask_value(turn, item)
            return
        values = {"setup_item": item, "value": turn.given.get("value")}
        try:
            await propose(
                turn, "ops_setup_complete", values, "setup.complete", {"item": item, "value": values["value"]}
            )
        except BackendError as error:
            if error.code != "setup_value_invalid":
                raise
            turn.problem(error)
            self._ask_value(turn, item)

    @staticmethod
    def _ask_value(turn: Turn, item: str) -> None:
        asked = f"ask.setup_value.{item}"
        ask(turn, "ops_setup_complete", {"setup_item": item}, "value", kind=VALUES[item], question=asked)
