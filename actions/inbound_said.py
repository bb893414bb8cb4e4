"""How people speak of an arrival that is already written down: another day or number, that it is off, that it has come."""

import re
from dataclasses import dataclass

from actions.answers import ASIDE
from actions.stock_words import said_change
from actions.turn import Turn
from backend.kit import clock
from backend.kit.korean_dates import find_dates

#: goods on their way, named as such
NAMED = re.compile(
    r"입고\s*(?:예정|일|날짜|건)|들어올|들어온다|들어오기로|들어올\s*거|온다(?:던|고|는|했)|온댔|오기로|오는\s*(?:거|것|물건|상품)|올\s*(?:거|것|예정|물건)|받기로|도착\s*예정"
)
#: what stands before it says which arrival, what stands behind it says what becomes of it
THE_ONE = re.compile(
    r"(?:온다(?:던|고\s*(?:한|했던|하던)|더니)|온댔던|오기로\s*(?:한|했던|했는데|했던\s*게)|들어(?:온다던|오기로\s*(?:한|했던)|올)|받기로\s*(?:한|했던)|예정(?:이던|이었던|인|일)?|오는|올)"
    r"\s*(?:거|것|건|게|물건|상품|입고)?\S{0,2}"
)
MOVED = re.compile(
    r"미뤄|미루|미뤘|밀렸|연기|늦춰|늦추|늦어(?!지던)|늦는|바뀌|바꼈|바뀐|바꿔|바꾸|변경|앞당|당겨|당겨졌|옮|수정|고쳐|(?:으로|로)(?:\s|$|요|해)|(?:에|날)\s*(?:온대|온답|온다(?!던)|온데)"
)
NUMBERED = re.compile(r"늘었|늘렸|늘어|늘려|줄었|줄였|줄어|줄여|추가|더\s|만\s*온|밖에|(?:개|장|벌)\s*(?:으로|로)")
OFF = re.compile(
    r"취소|안\s*(?:와요|온대|온답|온다(?!던)|들어온대|들어와)|못\s*(?:온|와|받|들어)|없던|삭제|지워|빼\s*(?:줘|주)"
)
CAME = re.compile(
    r"(?<!안 )(?<!안)(?:왔(?!다\s*갔)|들어왔|도착했|도착함|도착\s*완료|입고\s*(?:됐|완료|처리|했)|받았|검수)"
)
LATE = re.compile(r"늦(?:어지|은|던)|지난\s*거|지났|밀린|지연")
ASKS = re.compile(r"\?|？|나요|까요|언제|몇\s|얼마|왜|알려|보여|있어|있나|확인|는지|을까|조회")
OTHERS = re.compile(r"주문|오더|송장|발주|작업|쿠폰|요청|환불|교환|반품|설정|예약")
#: these mean the preview that waits
OF_THE_PREVIEW = frozenset({"affirm", "deny", "cancel"})


@dataclass(frozen=True)
class Change:
    """`was_due` says which (ISO day); the rest is what becomes of it."""

    was_due: str | None = None
    due_on: str | None = None
    quantity: int | None = None
    cancel: bool = False
    came: bool = False
    late: bool = False


def changes_an_arrival(turn: Turn) -> bool:
    """Named as goods on their way, or pointed at right after a list of such, with a word for what becomes of it."""
    if turn.is_payload or ASKS.search(turn.text) or OTHERS.search(turn.text):
        return False
    if turn.slot("plan") and turn.intent in OF_THE_PREVIEW:
        return False
    text = turn.text
    named = NAMED.search(text) is not None
    pointed = looks_at_arrivals(turn) and bool(
        turn.entity("reference") or turn.pointed_at() or LATE.search(text) or len(text) <= 12
    )
    if not (named or pointed):
        return False
    if OFF.search(text) or (CAME.search(text) and pointed):
        return True
    if MOVED.search(text) and (find_dates(text, clock.today()) or pointed or "입고" in text):
        return True
    return pointed and NUMBERED.search(text) is not None and said_change(text).number is not None


def looks_at_arrivals(turn: Turn) -> bool:
    """The last thing talked about is an arrival, or a list of them."""
    shown = turn.slot("shown") or []
    listed = bool(shown) and "inbound_id" in shown[0] and not turn.focus.keys() & {"order_id", "orders", "run_id"}
    return bool(turn.focus.get("inbound_id")) or listed


def change_said(text: str) -> Change:
    """What the sentence says of an arrival; of two days the first says which, the second when it comes now."""
    one = THE_ONE.search(text)
    behind = one.end() if one else 0
    days = [day for day in find_dates(text, clock.today(), lean="future") if day.start_date == day.end_date]
    before = [day for day in days if one and day.end <= one.start() + 1]
    after = [day for day in days if day not in before]
    if one and before and not after and MOVED.search(text[: one.start()]):
        before, after = [], before
    bare = text
    for day in days:
        bare = bare[: day.start] + " " * (day.end - day.start) + bare[day.end :]
    number = said_change(bare[behind:]).number if behind and before else said_change(bare).number
    return Change(
        was_due=before[0].start_date.isoformat() if before else None,
        due_on=after[-1].start_date.isoformat() if after else None,
        quantity=number,
        cancel=OFF.search(text) is not None,
        came=CAME.search(text) is not None,
        late=LATE.search(text) is not None and not after,
    )


ASIDE.append(changes_an_arrival)
