"""Wishes about an order that have no intent of their own: a note, 합포금지, out of the list and back.

Whatever such a sentence resembles, its words say it: taken for "합포해줘", "합포 금지해줘" would do the opposite.
"""

import re

from actions.base import WISHES
from actions.notes_said import wants_note
from actions.turn import Turn

ORDER = re.compile(r"주문|오더")
#: settings, rules, and what is asked about rather than wished for
ASKS = re.compile(
    r"\?|？|뭐|뭔|무슨|왜|언제|몇|어떤|있어|있나|보여|목록\s*(?:좀\s*)?(?:보|줘)|조회|설정|기준|옵션|자동|나요|까요|인가|뜻"
)
LOCK = re.compile(
    r"합\s*포(?:장)?\S{0,2}\s*(?:금지|못\s*하게|안\s*되게|막아)|(?:합\s*포(?:장)?\S{0,2}|합배송\S{0,1}|합치|묶)\s*(?:하)?지\s*(?:마|말)"
)
UNLOCK = re.compile(
    r"금지\S{0,2}\s*(?:좀\s*|다시\s*)?(?:풀|해제|취소|없애|빼|지워|꺼|그만)|금지\s*안\s*해|다시\s*합\s*포"
)
REMOVE = re.compile(
    r"(?:주문|오더|이거|그거|이건|그건|이\s*건|그\s*건|\d{4,}\S{0,2})\S{0,2}\s*(?:을|를|은|는|좀|건)?\s*(?:처리\s*)?(?:(?:목록|리스트)\S{0,2}\s*)?(?:좀\s*)?(?:삭제|지워|지우|제거|날려|치워|숨겨|안\s*보이게)"
    r"|(?:목록|리스트)에서\s*(?:좀\s*)?(?:빼|제외|삭제|지워|내려|치워|없애)"
)
RESTORE = re.compile(
    r"복구|복원|되살|살려|도로\s*(?:넣|돌려|올려)|(?:목록|리스트)에\s*(?:다시\s*|도로\s*)(?:넣|올려|돌려)"
)
REMOVED = re.compile(r"(?:삭제|제외|제거)\s*(?:한|했던|된|됐던)|지운|지웠던|지워진|뺀|뺐던")
#: of other things, or of all there is: those have ways of their own
NOT_ONE = re.compile(
    r"전체|전부|모든|모두|싹|데이터|백업|초기화|리셋|쿠폰|재고|설정|리뷰|문의|메모|송장|요청|사은품|할당|매칭|보류|금지"
)
#: these mean what waits for a yes, or leave it
OF_THE_PREVIEW = frozenset({"affirm", "cancel"})


async def serves_beside(turn: Turn) -> bool:
    """True when the message wishes one of these, and it is answered then."""
    wish = wish_said(turn)
    if wish is None or turn.intent in OF_THE_PREVIEW:
        return False
    await WISHES[wish].handle(turn)
    return True


def wish_said(turn: Turn) -> str | None:
    text = turn.text
    asks = ASKS.search(text) is not None
    if not asks and LOCK.search(text):
        return "order_merge_lock"
    about_orders = ORDER.search(text) is not None or bool(turn.all_of("order_no")) or _on_an_order(turn)
    if not about_orders:
        return None
    if wants_note(text):
        return "order_note"
    if asks or NOT_ONE.search(text):
        return None
    if RESTORE.search(text) and (ORDER.search(text) or turn.all_of("order_no") or REMOVED.search(text)):
        return "order_restore"
    if REMOVE.search(text) and not REMOVED.search(text):
        return "order_remove"
    return None


def _on_an_order(turn: Turn) -> bool:
    return bool(turn.focus.get("order_id") or turn.focus.get("orders"))
