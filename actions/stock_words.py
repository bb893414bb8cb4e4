"""How people say that stock came in, went out, or was counted: the way, the number, and why."""

import re
from dataclasses import dataclass, replace

from backend.kit.numbers import find_numbers

#: a code is no number: "P00012-03", "SKU-3310"
CODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,5}-?\d{2,}(?:-\d{1,3})?(?![0-9A-Za-z])")
#: a place in a list is no number either: "두 번째 거", "3번"
PLACE = re.compile(r"(?:첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s*번째|\d+\s*번(?:째|\s*거|\s*꺼)?(?![가-힣])")
ARROW = re.compile(r"(\d[\d,]*)\s*(?:개|장|벌)?\s*(?:→|->|=>|에서)\s*(\d[\d,]*)")
SIGNED = re.compile(r"(?<![\d\w])([+\-−])\s*(\d[\d,]*)(?!\d)")
GLUED = re.compile(r"(?<=[가-힣])(\d[\d,]*)\s*(개|장|벌|켤레|박스|세트|권|병|통|봉|자루|ea|EA)")
TOTAL = re.compile(
    r"\s*(?:개|장|벌|켤레|박스|세트|권|병|통|봉|자루|포|포대|마리|상자|ea|EA)?\s*(?:으로|로)(?!\s*(?:인해|부터))"
)
#: a counted number is said to be what there is
IS_TOTAL = re.compile(
    r"\s*(?:개|장|벌|켤레|박스|세트|권|병|통|봉|자루|마리|상자)?\s*(?:가|이|밖에)?\s*(?:맞|있|뿐|였|이었|남|이야|이에요|예요|입니다|인데|야\b)"
)
CORRECT = re.compile(
    r"조정|수정|정정|맞춰|맞추|고쳐|고칠|바로잡|실사|세어|셌|세보|잡아|변경|바꿔|틀려|틀림|안\s*맞|실제|다르"
)
ISSUE = re.compile(
    r"출고|빼|뺐|뺄|뺀|차감|파손|불량|폐기|샘플|깨졌|깨져|나갔|나간|나가|줄여|줄이|버렸|버릴|썩|상했|증정|협찬|촬영|분실|잃어|빌려|감소|제외|선물"
)
RECEIVE = re.compile(
    r"입고|들어왔|들어온|들어옴|들어와|추가|더해|더\s*있|받았|받아|왔어|왔습|왔는|도착|늘려|늘리|보태|넣어|반품|채워|채웠|사왔|사입"
)
#: what must not be done; "말고" only leaves something out
NOT = re.compile(r"지\s*(?:마|말)(?!고)")
UNDONE = re.compile(r"취소|되돌|롤백")
INSTEAD = re.compile(r"말고|아니고|아니라|아니구|아니었고")
FILE = re.compile(r"엑셀|excel|xlsx|csv|파일|시트|양식|한꺼번에|일괄|대량", re.IGNORECASE)
EACH = re.compile(r"각각|각\s|각\d|씩|옵션마다|옵션별|색깔마다|사이즈마다|전부|전체|모두|다\s")
#: what is written on the line of the ledger, as it was said
REASON = re.compile(r"파손|불량|폐기|샘플|촬영|협찬|증정|분실|실사|반품|유통기한")


@dataclass(frozen=True)
class Said:
    """`way` is receive, issue or correct; a correction's number is the total unless `way` says which way it goes."""

    way: str | None = None
    number: int | None = None
    several: bool = False  # more than one number was said, and nobody knows which is meant
    note: str | None = None


def said_change(text: str, names: tuple[str, ...] = ()) -> Said:
    """`names` are the texts of the items meant: numbers that stand in them are no quantity."""
    bare = without_names(text, names)
    reason = REASON.search(bare)
    note = reason[0] if reason else None
    if arrow := ARROW.search(bare):
        return Said("correct", _int(arrow[2]), note=note)
    if signed := SIGNED.search(bare):
        return Said("receive" if signed[1] == "+" else "issue", _int(signed[2]), note=note)
    instead = INSTEAD.split(bare)[-1]  # of "3개 말고 4개" the four
    if INSTEAD.search(bare) and _numbers(instead):
        bare = instead
    numbers = _numbers(bare)
    way = _way(bare) or _way(instead)
    if len(numbers) == 1:
        value, end = numbers[0]
        if TOTAL.match(bare, end) or (way == "correct" and IS_TOTAL.match(bare, end)):
            return Said("correct", value, note=note)
        return Said(way, value, note=note)
    totals = [value for value, end in numbers if TOTAL.match(bare, end)]
    if len(totals) == 1:
        return Said("correct", totals[0], note=note)
    return Said(way, None, several=len(numbers) > 1, note=note)


#: a question, a plan for later, or what must not be done is no change
NO_CHANGE = re.compile(r"\?|？|나요|까요?\b|언제|예정|몇\s|얼마|왜|누가|내역|이력|하지\s*마|말아|안\s*했")


def tells_a_change(text: str) -> bool:
    """A way and a number, and no question: whatever it resembles, stock shall move."""
    said = said_change(text)
    return said.way is not None and said.number is not None and NO_CHANGE.search(text) is None


def without_names(text: str, names: tuple[str, ...]) -> str:
    """The text with codes and the names of what is meant blanked out, so that places stay."""
    bare = text
    for other in (CODE, PLACE):
        bare = other.sub(lambda found: " " * len(found[0]), bare)
    for name in names:
        for word in sorted({name, *name.split(), *re.split(r"\s*/\s*", name)}, key=len, reverse=True):
            if any(char.isdigit() for char in word):
                bare = bare.replace(word, " " * len(word))
    return bare


def copies_in(text: str, names: tuple[str, ...] = ()) -> int | None:
    """How many labels of each: the one number that is said."""
    numbers = _numbers(without_names(text, names))
    return numbers[0][0] if len(numbers) == 1 else None


def corrected(known: Said, said: Said) -> Said:
    """What was said before, with what is said now in its place."""
    return replace(known, way=said.way or known.way, number=known.number if said.number is None else said.number)


def _way(text: str) -> str | None:
    """One way alone; a sentence that says two leaves it open. A count that differs is a correction whatever else it says."""
    if CORRECT.search(text) and not re.search(r"입고\s*(?:로|처리)?\s*잡|출고\s*(?:로|처리)?\s*잡", text):
        return (
            "correct"
            if not (ISSUE.search(text) and not re.search(r"실사|세어|셌|수정|조정|정정|맞", text))
            else "issue"
        )
    out, into = ISSUE.search(text), RECEIVE.search(text)
    if out and into:
        return None
    return "issue" if out else "receive" if into else None


def _numbers(text: str) -> list[tuple[int, int]]:
    """(value, where it ends) of each quantity said."""
    found = {n.start: (n.value, n.end) for n in find_numbers(text)}
    for glued in GLUED.finditer(text):
        found.setdefault(glued.start(1), (_int(glued[1]), glued.end(1)))
    return [found[at] for at in sorted(found)]


def _int(digits: str) -> int:
    return int(digits.replace(",", ""))
