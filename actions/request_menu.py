"""Which work of the request menu a sentence means, and whether the shop is ready for it (source: 000)."""

from actions import blocks
from actions.answers import named_choice
from actions.base import WISHES
from actions.turn import Json, Turn
from backend.kit.hangul import compact

WORDS = "work_request.words"
NAME_ALONE = 8  # characters; longer sentences may mention a work without asking for it


def menu_choices(turn: Turn, types: dict[str, Json]) -> list[Json]:
    """Every work as {value, title, also}; `also` are the words people use for it."""
    return [
        {"value": key, "title": turn.name("work_type", key), "also": turn.words(f"{WORDS}.{key}").split("|")}
        for key in types
    ]


async def work_meant(turn: Turn) -> str | None:
    """The work this typed message names by its title or by a word people use for it."""
    if turn.is_payload:
        return None
    types = {t["type"]: t for t in await turn.api.request_catalogue()}
    found: str | None = named_choice(turn.text, menu_choices(turn, types))
    return found


async def picked_from_menu(turn: Turn) -> bool:
    """True when the menu was just shown, or a work is all this message names: the request then begins."""
    shown = turn.slot("shown") or []
    place = turn.entity("ordinal") or turn.entity("position")
    menu = [thing["work_type"] for thing in shown if "work_type" in thing]
    named = turn.entity("work_type")
    if not menu and not named and len(compact(turn.text)) > NAME_ALONE:
        return False
    work = menu[place - 1] if isinstance(place, int) and 1 <= place <= len(menu) else await work_meant(turn) or named
    if work is None:
        return False
    turn.given = {"type": work}
    await WISHES["work_request_create"].handle(turn)
    return True


async def offer_from_menu(turn: Turn) -> bool:
    """True when what sounds foreign is on the menu after all ("배너 만들어 주세요"): it is offered."""
    work = await work_meant(turn)
    if work is None:
        return False
    title = turn.name("work_type", work)
    turn.say("work_request.on_the_menu", title=title)
    turn.offer(
        blocks.button(turn.words("button.menu_work", title=title), "work_request_create", work_type=work),
        turn.link_button("request", "work_request_catalog"),
    )
    return True


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
