"""Collecting new orders from the markets now; the result comes as a notice when the worker has been there (source: 002)."""

import re
from typing import ClassVar

from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn

#: asks how it went, not to do it
ASKS = re.compile(
    r"언제|몇\s*시|됐(?:어|나|니|는)|되었|끝났|결과|마지막\s*수집|수집\s*(?:했|된|시각|시간|내역|현황|상태)|실패"
)
SAID_TOO = ("integrated_orders_off", "no_market_to_collect", "market_not_linked", "collection_under_way")


class OrderCollect(TurnAction):
    action_name: ClassVar[str] = "action_order_collect"
    wish: ClassVar[str | None] = "order_collect"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if turn.entity("choice") == "state" or (not turn.is_payload and not turn.given and ASKS.search(turn.text)):
            await show_feeds(turn)
            return
        if turn.entity("choice") == "retry" or turn.given.get("retry"):
            await propose(turn, "order_collect", {"retry": True}, "market_command.retry", {})
            return
        markets = await self._markets(turn)
        try:
            await propose(turn, "order_collect", {"markets": markets}, "orders.collect", {"markets": markets or None})
        except BackendError as error:
            if error.code not in SAID_TOO:
                raise
            turn.problem(error)
            turn.offer(turn.link_button("collect_state", "order_collect", choice="state"))

    @staticmethod
    async def _markets(turn: Turn) -> list[str]:
        """Those named; of "쿠팡 빼고" the linked ones without it; none named: all."""
        if "markets" in turn.given:
            return list(turn.given["markets"])
        spared = turn.all_of("market", "excluded")
        named = [m for m in turn.all_of("market") if m not in spared]
        if spared and not named:
            return [feed["market"] for feed in await turn.api.feeds() if feed["market"] not in spared]
        return named

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 쿠팡만" under the preview."""
        named = turn.all_of("market")
        if (
            not preview
            or values.get("retry")
            or turn.intent not in ("deny", "inform", "nlu_fallback", "order_collect", "affirm")
        ):
            return None
        spared = turn.all_of("market", "excluded")
        if spared:
            known = values["markets"] or [f["market"] for f in await turn.api.feeds()]
            markets = [m for m in known if m not in spared]
        else:
            markets = named
        if not markets or markets == values["markets"]:
            return None
        names = ", ".join(turn.name("market", m) for m in markets)
        return {"label": turn.words("orders.collect_label"), "shown": names, "values": {"markets": markets}}


async def show_feeds(turn: Turn) -> None:
    """When each market was last asked, and what went wrong there."""
    feeds = await turn.api.feeds()
    turn.say("orders.feeds", feeds=feeds)
    refused = any(feed["failed"] for feed in feeds)
    turn.offer(
        turn.link_button("collect_orders", "order_collect"),
        *([turn.link_button("tell_again", "order_collect", choice="retry")] if refused else []),
    )
