"""Which markets are linked, and whether they answer."""

from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.markets_export import TAKES, export, wants_export
from actions.turn import Json, Turn

TONE = {"connected": "ok", "expired": "bad", "unreachable": "bad", "disconnected": "muted"}
RENEW = "/demo/pro-app#market_account"


class MarketStatus(TurnAction):
    action_name: ClassVar[str] = "action_market_status"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        wanted = turn.about("market")
        accounts: list[Json] = [a for a in await turn.api.markets() if not wanted or a["market"] == wanted]
        turn.say("markets.status", accounts=accounts, market=wanted)
        linked = [a for a in accounts if a["state"] != "disconnected"]
        if linked:
            turn.add(blocks.cards([self._card(turn, a) for a in linked]))
        if wanted:
            turn.look_at(market=wanted)
        offered = []
        if not linked:
            offered.append(turn.link_button("link_market", "market_link", market=wanted))
        elif any(a["state"] == "expired" for a in linked):
            offered.append(blocks.link(turn.words("fix.renew_credentials"), RENEW))
        turn.offer(*offered, turn.link_button("market_scope", "faq/market_scope", market=wanted))

    @staticmethod
    def _card(turn: Turn, account: Json) -> blocks.Block:
        state = account["state"]
        return blocks.card(
            turn.name("market", account["market"]),
            [(turn.words("markets.listings_label"), turn.words("markets.listings", account=account)),
             (turn.words("markets.detail_label"), turn.words(f"markets.detail.{state}", account=account))],
            badge=(turn.name("account_state", state), TONE[state]),
        )  # fmt: skip


class MarketLink(TurnAction):
    """Linking is done in MarketPlus: says where, and what is linked already. Products are put on a linked market here."""

    action_name: ClassVar[str] = "action_market_link"
    wish: ClassVar[str | None] = "market_link"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        wanted = turn.about("market")
        accounts = await turn.api.markets()
        if wants_export(turn) and await export(turn, accounts):
            return
        setup = {i["key"]: i for i in await turn.api.setup()}
        turn.say("markets.link", accounts=accounts, market=wanted, marketplus=setup["marketplus"]["done"])
        fix = setup["marketplus"]["fix"] if not setup["marketplus"]["done"] else setup["market_account"]["fix"]
        expired = any(a["market"] == wanted and a["state"] == "expired" for a in accounts)
        ready = any(a["state"] == "connected" for a in accounts if not wanted or a["market"] == wanted)
        turn.offer(
            blocks.link(turn.words("fix.renew_credentials" if expired else f"fix.{fix['code']}"), fix["href"]),
            *([self._export_button(turn, wanted)] if self._takes(accounts, wanted) else []),
            *(
                [turn.link_button("request_fetch", "work_request_create", work_type="product_fetch", market=wanted)]
                if ready
                else []
            ),
            turn.link_button("agent", "handoff_request"),
        )

    @staticmethod
    def _takes(accounts: list[Json], wanted: str | None) -> bool:
        return any(
            a["state"] == "connected" and a["market"] in TAKES and wanted in (None, a["market"]) for a in accounts
        )

    @staticmethod
    def _export_button(turn: Turn, wanted: str | None) -> blocks.Block:
        return turn.link_button("export_products", "market_link", market=wanted, choice="export")
