"""Messages PRO sends to buyers: what went, what waits, what did not go and why; stopping what waits (`crm_message`)."""

import re
from typing import Any, ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.operations_gate import fixes, troubles
from actions.operations_status import period_of
from actions.plans import propose
from actions.pointing import WHY
from actions.turn import Json, Turn
from backend.kit import clock

OPERATION = "crm_message"
REASONS = 5
#: what asks for the credit that is left
LEFT = re.compile(r"남았|남은|잔여|잔액|충전|포인트|더\s*보낼")
#: what asks about the audiences rather than all
AUDIENCES = {
    "first_purchase": re.compile(r"첫\s*(?:구매|주문)|신규|감사"),
    "win_back": re.compile(r"재구매|다시|휴면|오랜만|떠난|뜸한"),
}


class CustomerMessageStatus(TurnAction):
    """Counts by state and channel, what waits and until when, and each reason why messages did not go."""

    action_name: ClassVar[str] = "action_customer_message_status"
    wish: ClassVar[str | None] = "customer_message_status"

    async def handle(self, turn: Turn) -> None:
        period = period_of(turn)
        if period and period[0] > clock.today():
            period = None
        days: Json = {"from_": period[0].isoformat(), "to": period[1].isoformat()} if period else {}
        summary = await turn.api.message_summary(**days)
        credit = await turn.api.addon_credit()
        verdicts: list[Json] = await turn.api.gate(operation=OPERATION)
        asks_why = turn.intent == "ops_not_running" or (not turn.is_payload and WHY.search(turn.text) is not None)
        asks_why = asks_why and not summary["waiting"]["count"]  # what waits is the answer then
        held = [
            c
            for v in verdicts
            for c in v["checks"]
            if c["code"] in (troubles(v) or (v["blockers"] if asks_why else []))
        ]
        turn.look_at(operation=OPERATION)
        turn.say("customer_messages.summary", summary=summary, period=period)
        for check in held[:2]:
            turn.say(f"gate.{check['code']}", evidence=check["evidence"], operation=OPERATION, market=None)
        left_out = await self._left_out(turn)
        rows = self._rows(turn, summary, left_out)
        if rows:
            columns = turn.words("customer_messages.columns").split("|")
            turn.add(blocks.table(turn.words("customer_messages.why"), columns, rows))
        if summary["waiting"]["count"]:
            turn.say("customer_messages.waiting", waiting=summary["waiting"])
        self._say_credit(turn, credit, summary)
        offered = []
        if summary["waiting"]["count"]:
            offered.append(turn.link_button("stop_waiting", "customer_message_stop"))
        if any(troubles(v) for v in verdicts):
            offered += fixes(turn, verdicts, OPERATION)[:2]
        turn.offer(
            *offered,
            turn.link_button("message_runs", "ops_status", operation=OPERATION),
            turn.link_button("message_cost", "faq/addon_cost"),
        )

    @staticmethod
    def _say_credit(turn: Turn, credit: Json, summary: Json) -> None:
        """Where it was asked for, or where it runs out."""
        kinds = ("sms", "email")
        given = any(credit[kind]["topped_up"] for kind in kinds)
        if not turn.is_payload and LEFT.search(turn.text):
            turn.say("addon_credit.balance" if given else "addon_credit.none_yet", credit=credit)
        low = [kind for kind in kinds if credit[kind]["low"]]
        if summary["waiting"]["count"] and any(credit[kind]["balance"] < 0 for kind in kinds):
            turn.say("addon_credit.short", credit=credit, waiting=summary["waiting"])
        elif low:
            turn.say("addon_credit.low", kinds=low)

    @staticmethod
    async def _left_out(turn: Turn) -> dict[str, int]:
        """Who fitted in the latest run and got nothing, by reason."""
        try:
            run = await turn.api.latest_run(operation=OPERATION)
        except BackendError as error:
            if error.status != 404:
                raise
            return {}
        counted: dict[str, int] = {}
        for finding in run["findings"]:
            for reason, count in finding["evidence"].get("left_out", {}).items():
                counted[reason] = counted.get(reason, 0) + int(count)
        return counted

    @staticmethod
    def _rows(turn: Turn, summary: Json, left_out: dict[str, int]) -> list[list[str]]:
        """Of those who got no message: the reason and how many, most first."""
        found: list[tuple[int, str]] = [
            (int(one["count"]), turn.name("message_reason", one["reason"])) for one in summary["reasons"]
        ]
        found += [(count, turn.name("message_reason", reason)) for reason, count in left_out.items() if count]
        if summary["waiting"]["at_night"]:
            found.append((summary["waiting"]["at_night"], turn.name("message_reason", "night")))
        found.sort(key=lambda one: -one[0])
        return [[said, turn.words("customer_messages.people", n=count)] for count, said in found[:REASONS]]


class CustomerMessageStop(TurnAction):
    """Takes back what waits to be sent; the operation goes on, and what went cannot be taken back."""

    action_name: ClassVar[str] = "action_customer_message_stop"
    wish: ClassVar[str | None] = "customer_message_stop"

    async def handle(self, turn: Turn) -> None:
        audience: Any = turn.given.get("audience")
        if not audience and not turn.is_payload:
            audience = next((name for name, word in AUDIENCES.items() if word.search(turn.text)), None)
        values: Json = {"audience": audience} if audience else {}
        try:
            await propose(turn, "customer_message_stop", values, "customer_messages.stop", values)
        except BackendError as error:
            if error.code != "no_messages_waiting":
                raise
            turn.problem(error)
            turn.offer(
                turn.link_button("off_messages", "ops_off", operation=OPERATION),
                turn.link_button("messages", "customer_message_status"),
            )
            return
        turn.look_at(operation=OPERATION)
        turn.offer(turn.link_button("off_messages", "ops_off", operation=OPERATION))
