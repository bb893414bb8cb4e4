"""Another end or start for an OFF that stands: "일요일까지로 바꿔줘", "하루 더", "그냥 오늘까지만"."""

import re
from typing import ClassVar

from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.ending import PERIOD, changes_end, is_for_good, moved_end, period_of, says_longer
from actions.plans import propose
from actions.turn import Json, Turn
from backend.kit import clock

SCOPE = ("operation", "area", "market")
NAMED = (*SCOPE, "everything")
#: under these a short answer to what was just done may be classified
SHORT_INTENTS = frozenset(
    {"ops_off", "ops_postpone", "inform", "nlu_fallback", "deny", "affirm", "chitchat", "out_of_scope"}
)
SHORT = 24  # characters
SPEAKS_OF_END = re.compile(
    r"기간|까지|날짜|언제|종료|기한|시점|다시\s*켜지|\d+\s*일|하루|이틀|사흘|일주|한\s*주|한\s*달|더\b"
)


class OpsOffPeriod(TurnAction):
    """Previews the old and the new period of one OFF."""

    action_name: ClassVar[str] = "action_ops_off_period"
    wish: ClassVar[str | None] = "ops_off_period"

    async def handle(self, turn: Turn) -> None:
        values: Json = dict(turn.given)
        switch_id = turn.entity("switch_id") or values.get("switch_id")
        standing: list[Json] = await turn.api.off_list()
        switch = next((s for s in standing if s["id"] == switch_id), None)
        if switch is None and not any(values.get(k) for k in NAMED):
            if len(standing) != 1:
                self._ask_which(turn, standing, values)
                return
            switch = standing[0]
        target = {"switch_id": switch["id"]} if switch else {k: values[k] for k in NAMED if values.get(k)}
        period = _period(turn, values, switch)
        if not period:
            self._ask_end(turn, target, switch)
            return
        await self._propose(turn, target, period)

    @staticmethod
    def _ask_which(turn: Turn, standing: list[Json], values: Json) -> None:
        if not standing:
            turn.say("off_list.none")
            return
        choices = [
            {"value": s["id"], "title": turn.words("off_period.choice", switch=s), "operation": s["operation"]}
            for s in standing[:8]
        ]
        known = {**values, **_period(turn, values, None)}
        ask(turn, "ops_off_period", known, "switch_id", kind="choice", choices=choices)

    @staticmethod
    def _ask_end(turn: Turn, target: Json, switch: Json | None) -> None:
        if switch and not switch["until"] and changes_end(turn) and not period_of(turn):
            turn.say("off_period.no_end", switch=switch)
        ask(turn, "ops_off_period", target, "until", kind="date", min=clock.today().isoformat())

    @staticmethod
    async def _propose(turn: Turn, target: Json, period: Json) -> None:
        values = {**target, **period}
        try:
            await propose(turn, "ops_off_period", values, "ops.off_period", values)
        except BackendError as error:
            if error.code not in ("until_past", "until_before_start"):
                raise
            turn.problem(error)
            ask(turn, "ops_off_period", target, "until", kind="date", min=clock.today().isoformat())


def _period(turn: Turn, values: Json, switch: Json | None) -> Json:
    """What this message says, else what was known; "하루 더" counts from the end that stands."""
    if is_for_good(turn):
        return {"for_good": True}
    longer = moved_end(turn, switch["until"] if switch else None)
    if longer:
        return {"until": longer}
    return period_of(turn) or {k: values[k] for k in (*PERIOD, "for_good") if values.get(k)}


async def changes_standing(turn: Turn, scope: Json) -> bool:
    """True when this wish to switch off speaks of an OFF that stands; its new period is previewed then.

    The same thing named again with another end is the OFF that stands; a new start is a new OFF, unless the words say
    that something is changed.
    """
    if turn.given or turn.slot("plan") or scope.keys() & {"markets", "operations", "then"}:
        return False
    if turn.entity("switch_id"):
        await OpsOffPeriod().handle(turn)
        return True
    changes, period = changes_end(turn), period_of(turn)
    if turn.is_payload or not (changes or period.get("until") or is_for_good(turn)):
        return False
    standing: list[Json] = await turn.api.off_list()
    named = any(e["entity"] in ("operation", "market", "scope") for e in turn.entities)
    if not named:
        if not changes or not standing:
            return False
        turn.given = _last_off(turn, standing)
    else:
        same = [s for s in standing if all((s[k] or None) == scope.get(k) for k in SCOPE)]
        if not same and not period and SPEAKS_OF_END.search(turn.text) is None:
            return False  # in "메인 진열 바꾸는 거 그만해 주세요" it is the work that changes things
        if not changes and (not same or period.get("starts") or same[0]["upcoming"]):
            return False
        turn.given = {k: scope[k] for k in NAMED if scope.get(k)}
        turn.given = {"switch_id": same[0]["id"]} if len(same) == 1 else turn.given
    try:
        await OpsOffPeriod().handle(turn)
    except BackendError as error:
        if error.code != "not_off":
            raise
        turn.given = {}
        return False
    return True


def _last_off(turn: Turn, standing: list[Json]) -> Json:
    """What was switched off here last, if it still stands."""
    last = (turn.slot("last_done") or {}).get("switch_id")
    return {"switch_id": last} if any(s["id"] == last for s in standing) else {}


async def continues_off(turn: Turn) -> bool:
    """True when a short message right after an OFF was made sets it another end ("그냥 오늘까지만")."""
    last = turn.slot("last_done") or {}
    if not last.get("switch_id") or turn.intent not in SHORT_INTENTS or len(turn.text) > SHORT:
        return False
    if any(e["entity"] in ("operation", "market", "scope") for e in turn.entities):
        return False
    if not (period_of(turn).get("until") or (says_longer(turn)) or is_for_good(turn)):
        return False
    if all(s["id"] != last["switch_id"] for s in await turn.api.off_list()):
        return False
    turn.given = {"switch_id": last["switch_id"]}
    await OpsOffPeriod().handle(turn)
    return True
