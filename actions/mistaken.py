"""Sentences that resemble something else than they say: their own words tell what is asked."""

import re

from actions.base import WISHES
from actions.notes_said import ASKS as ASKS_NOTE
from actions.notes_said import ELSEWHERE
from actions.orders_meant import orders_meant
from actions.orders_search import LEAVES, UNSHIPPED, show_order, show_page
from actions.shipping_send import send_off
from actions.turn import Turn

COUNTS = re.compile(r"몇|건수|얼마나|총\s|합계|수량")
NOT_ORDERS = re.compile(r"문자|메시지|메세지|알림톡|메일|쿠폰|재고|입고|왜|이유")
#: a form or a size of paper is a setting, whatever the order on the screen
FORM = re.compile(r"(?:송장|라벨|바코드)\s*(?:양식|서식|용지|규격|크기|사이즈|레이아웃)")
SENDS_ALL = re.compile(
    r"(?:출고|발송|배송)\S{0,1}\s*(?:다|전부|모두|싹|일괄|한꺼번에)\s*(?:처리|완료)|(?:다|전부|모두|싹|일괄)\s*(?:출고|발송)\s*(?:처리|완료)?"
)
UNCERTAIN = frozenset({"nlu_fallback", "order_hold", "order_merge", "invoice_print"})


async def says_something_else(turn: Turn) -> bool:
    """True when it was one of these, and it is answered then."""
    text = turn.text
    if turn.is_payload or turn.slot("plan"):
        return False
    if LEAVES.search(text) and COUNTS.search(text) and not NOT_ORDERS.search(text):
        await show_page(turn, {"state": list(UNSHIPPED)}, 0)
        return True
    if FORM.search(text) and turn.intent in ("order_exchange", "invoice_register", "invoice_print", "nlu_fallback"):
        turn.given = {}
        await WISHES["inventory_setting_info"].handle(turn)
        return True
    if SENDS_ALL.search(text) and turn.intent in UNCERTAIN:
        await send_off(turn)
        return True
    return await _asks_for_a_note(turn)


async def _asks_for_a_note(turn: Turn) -> bool:
    """ "메모 뭐라고 써 있어?" of the order that is talked about: it stands on its card."""
    if not ASKS_NOTE.search(turn.text) or "메모" not in turn.text or ELSEWHERE.search(turn.text):
        return False
    orders = (await orders_meant(turn)).orders
    if len(orders) != 1:
        return False
    await show_order(turn, orders[0]["id"])
    return True
