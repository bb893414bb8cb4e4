"""The number of the stock change just made was wrong ("20개 아니고 12개였네"): what the stock then is, previewed."""

from actions.base import WISHES
from actions.stock_items import talked_about
from actions.stock_words import INSTEAD, said_change
from actions.turn import Turn

#: such a sentence resembles these
RESEMBLES = frozenset(
    {"deny", "inform", "nlu_fallback", "stock_adjust", "stock_check", "stock_low", "out_of_scope", "chitchat"}
)


async def puts_right(turn: Turn) -> bool:
    """True when the message says another number for what was just received, issued or counted, and it is previewed."""
    done = turn.slot("last_done") or {}
    if turn.is_payload or turn.slot("plan") or done.get("kind") != "stock.adjust" or turn.intent not in RESEMBLES:
        return False
    number, item_id = said_change(turn.text).number, talked_about(turn, "item_id")
    if number is None or item_id is None or not INSTEAD.search(turn.text):
        return False
    lines = (await turn.api.stock_movements(item_id=item_id, limit=1))["movements"]
    if (
        not lines
        or lines[0]["source_id"] != done["source_id"]
        or lines[0]["reason"] not in ("receive", "issue", "correct")
    ):
        return False
    line = lines[0]
    before = line["balance"] - line["delta"]
    total = {"receive": before + number, "issue": before - number, "correct": number}[line["reason"]]
    if total < 0:
        return False
    turn.say("stock.put_right", line=line, number=number, before=before)
    turn.given = {"item_ids": [item_id], "way": "correct", "quantity": total}
    await WISHES["stock_adjust"].handle(turn)
    return True
