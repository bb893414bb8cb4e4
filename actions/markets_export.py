"""Putting products of the own mall on a market: which market, which products, and the preview (source: 000, 마켓 상품 연동)."""

import re

from actions import blocks
from actions.asking import ask
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn

#: products are to be put there; what speaks of an account, or of matching what is there, does not say that
EXPORTS = re.compile(r"보내|보낼|보냄|내걸|전송|올리|올려|올릴|깔아|뿌려|에(?:도|다가?|다가도)?\s*(?:\S+\s+)?등록")
OF_ACCOUNT = re.compile(r"계정|아이디|가입|로그인|인증|비번|비밀번호")
OF_MATCHING = re.compile(r"짝|매칭|맞춰|따로\s*(?:올|등록)")
ONLY = re.compile(r"만(?:\s|$|요)|한\s*개|두\s*개|하나")
SURELY = 0.5
TAKES = ("smartstore", "coupang")  # the markets that products are sent to from here
WISH = "market_link"


def wants_export(turn: Turn) -> bool:
    if turn.given.get("export") or turn.entity("choice") == "export":
        return True
    said = turn.text
    return (
        not turn.is_payload and bool(EXPORTS.search(said)) and not (OF_ACCOUNT.search(said) or OF_MATCHING.search(said))
    )


async def export(turn: Turn, accounts: list[Json]) -> bool:
    """Previews it, asks for the market or the product, or says why not; False where there is an account to link first."""
    ready = [a["market"] for a in accounts if a["market"] in TAKES and a["state"] != "disconnected"]
    market = turn.about("market") or (ready[0] if len(ready) == 1 else None)
    if not ready or (market in TAKES and market not in ready):
        return False
    values: Json = {k: v for k, v in turn.given.items() if k in ("products", "product_id")} | {
        "export": True,
        "market": market,
    }
    if "products" not in values:
        values["products"] = [values["product_id"]] if values.get("product_id") else await _named(turn)
    if market is None:
        choices = [{"value": one, "title": turn.name("market", one)} for one in ready]
        ask(turn, WISH, values, "market", kind="market", choices=choices)
        return True
    if not values["products"] and not turn.is_payload and not turn.given and ONLY.search(turn.text):
        ask(turn, WISH, values, "product_id", kind="product")  # nothing may widen by a name that was not found
        return True
    await _propose(turn, values)
    return True


async def _named(turn: Turn) -> list[str]:
    if turn.is_payload:
        return []
    found = await turn.api.find_products(turn.text)
    return [product["id"] for product in found if product["score"] >= SURELY]


async def _propose(turn: Turn, values: Json) -> None:
    try:
        params = {"market": values["market"], "product_ids": values["products"]}
        await propose(turn, WISH, values, "listing.export", params)
    except BackendError as error:
        if error.code not in ("nothing_to_export", "export_not_possible", "export_not_linked"):
            raise
        turn.problem(error)
        offer = turn.link_button("market_state", "market_status", market=values["market"])
        turn.offer(offer, *_elsewhere(turn, values["market"], error.code))


def _elsewhere(turn: Turn, market: str, code: str) -> list[blocks.Block]:
    """Where it is not done from here, a person can."""
    return [turn.link_button("agent", "handoff_request")] if code == "export_not_possible" else []
