"""Which markets are linked, and whether they answer."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.turn import Json, Turn

TONE = {"connected": "ok", "expired": "bad", "unreachable": "bad", "disconnected": "muted"}


class MarketStatus(TurnAction):
    action_name: ClassVar[str] = "action_market_status"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        wanted = turn.about("market")
        accounts: list[Json] = [a for a in await turn.api.markets() if not wanted or a["market"] == wanted]
        turn.say("markets.status", accounts=accounts, market=wanted)
        turn.add(blocks.cards([
            blocks.card(
                turn.name("market", a["market"]),
                [(turn.words("markets.listings_label"), turn.words("markets.listings", account=a)),
                 (turn.words("markets.detail_label"), turn.words(f"markets.detail.{a['state']}", account=a))],
                badge=(turn.name("account_state", a["state"]), TONE[a["state"]]),
            )
            for a in accounts
        ]))  # fmt: skip
        if wanted:
            turn.look_at(market=wanted)
        turn.offer(turn.link_button("market_scope", "faq/market_scope", market=wanted))


class MarketLink(TurnAction):
    """Linking is done in MarketPlus: says where, and what is linked already."""

    action_name: ClassVar[str] = "action_market_link"

    async def handle(self, turn: Turn) -> None:
        wanted = turn.about("market")
        accounts = await turn.api.markets()
        setup = {i["key"]: i for i in await turn.api.setup()}
        turn.say("markets.link", accounts=accounts, market=wanted, marketplus=setup["marketplus"]["done"])
        fix = setup["marketplus"]["fix"] if not setup["marketplus"]["done"] else setup["market_account"]["fix"]
        turn.offer(
            blocks.link(turn.words(f"fix.{fix['code']}"), fix["href"]),
            turn.link_button("request_fetch", "work_request_create", work_type="product_fetch"),
            turn.link_button("agent", "handoff_request"),
        )
