"""Which work of the request menu a sentence means, and whether the shop is ready for it (source: 000)."""

from actions import blocks
from actions.answers import named_choice
from actions.turn import Json, Turn

WORDS = "work_request.words"


def menu_choices(turn: Turn, types: dict[str, Json]) -> list[Json]:
    """Every work as {value, title, also}; `also` are the words people use for it."""
    return [
        {"value": key, "title": turn.name("work_type", key), "also": turn.words(f"{WORDS}.{key}").split("|")}
        for key in types
    ]


async def work_meant(turn: Turn) -> str | None:
    """The work this typed message names, if it names one."""
    if turn.is_payload:
        return None
    types = {t["type"]: t for t in await turn.api.request_catalogue()}
    said = turn.entity("work_type")
    return str(said) if said in types else named_choice(turn.text, menu_choices(turn, types))


async def lacks_setup(turn: Turn, work: Json, market: str | None) -> bool:
    """True when the shop is not ready for this work; says what is missing and where that is done."""
    if "marketplus" in work["needs"]:
        setup = {item["key"]: item for item in await turn.api.setup()}
        if not setup["marketplus"]["done"]:
            turn.say("problem.setup_missing", data={"item": "marketplus", "type": work["type"]})
            fix = setup["marketplus"]["fix"]
            turn.offer(blocks.link(turn.words(f"fix.{fix['code']}"), fix["href"]), _other_work(turn))
            return True
    if "market_account" in work["needs"]:
        accounts = {a["market"]: a["state"] for a in await turn.api.markets()}
        state = accounts.get(market, "disconnected") if market else None
        if state not in (None, "connected"):
            turn.say("problem.market_not_connected", data={"market": market, "state": state, "type": work["type"]})
            turn.offer(turn.link_button("link_market", "market_link", market=market), _other_work(turn))
            return True
    return False


def _other_work(turn: Turn) -> blocks.Block:
    return turn.link_button("other_request", "work_request_catalog")
