"""What a note shall say, out of the sentence that asks for it: "0012 주문에 '선물'이라고 메모해줘", "메모: 경비실에"."""

import re

MEMO = r"(?:내부\s*|주문\s*|간단한?\s*)*(?:메모|매모|메모장|노트)"
_WRITES = r"(?:남겨|남기|적어|적으|적을|달아|추가|써|쓰|기록|넣어|등록|해|하|부탁|ㄱㄱ?)"
#: a wish to write one, and no question about those that are there
WISH = re.compile(
    rf"{MEMO}\S{{0,2}}\s*(?:좀\s*|하나\s*|한\s*줄\s*)*(?:{_WRITES}|[:：])|고\s*(?:적어|써)\s*(?:줘|두|둬|놔|주)"
)
ASKS = re.compile(rf"{MEMO}\S{{0,2}}\s*(?:뭐|있|보여|봐|확인|알려|내용)|뭐라고|[?？]\s*$")
#: of something else than an order
ELSEWHERE = re.compile(r"(?:배송|고객|회원|상품|재고|리뷰|문의|쿠폰)\s*(?:메모|매모|메시지)")

_QUOTED = re.compile(r"['\"“”‘’「『](?P<said>[^'\"“”‘’」』]{2,})['\"“”‘’」』]")
_COLON = re.compile(rf"{MEMO}\s*(?:는|은|로|에)?\s*[:：]\s*(?P<said>.+)$")
_AS_SAID = re.compile(
    r"(?P<said>.{2,}?)\s*(?:이라고|라고|이라|다고|이라구|라구)\s*(?:" + MEMO + r"|적어|써|쓰|기록|남겨|달아)"
)
_BEHIND = re.compile(
    rf"{MEMO}\S{{0,2}}\s*(?:좀\s*|하나\s*)*(?:남겨|적어|달아|추가|써|기록|넣어|등록|해)\S*(?:\s*(?:주세요|줘요|줘|둬|놔|줄래))?[\s,.]+(?P<said>.+)$"
)
_BEFORE = re.compile(rf"^(?P<said>.+?)\s*(?:로|으로)?\s*{MEMO}")
#: what names the order, before what is to be noted
_LEAD = re.compile(
    r"^(?:(?:\d[\d-]{3,}\s*(?:번)?|[가-힣*]{2,4}\s*(?:님|씨|고객님?)|두\s*번째|세\s*번째|첫\s*번째|이거|그거|이건|그건|아까|방금|이|그|저|해당|여기)?\s*"
    r"(?:주문\s*건?|오더|건|것|거)?\s*(?:에는|에다가?|에|은|는|의|좀)?[\s,.:]+)+"
)
_NOTHING = re.compile(
    r"^(?:내부|간단한?|간단히|짧게|좀|하나|주문|이|그|여기|주세요|줘요?|부탁\S*|요|네|응|[\s.,~!ㅋㅎ])*$"
)
_END = re.compile(r"\s*(?:이라고|라고)?\s*(?:(?:메모|남겨|적어|달아)\S*\s*(?:주세요|줘요?|둬|놔)?)?[\s.~!]*$")
#: what begins to put a note right
OTHERWISE = re.compile(r"^\s*(?:아니|아뇨|아냐|메모|매모)|['\"“‘「]")
_SO = re.compile(r"^(?:이|그|저|바|제|진짜|정말|따)(?:대|거|것|걸)?$")
LONGEST = 500


def wants_note(text: str) -> bool:
    return WISH.search(text) is not None and not ASKS.search(text) and not ELSEWHERE.search(text)


def note_said(text: str) -> str | None:
    """None where the sentence only asks for a note and does not say which."""
    for pattern in (_QUOTED, _COLON, _AS_SAID, _BEHIND, _BEFORE):
        found = pattern.search(text)
        if found is None:
            continue
        said = found["said"] if pattern is _QUOTED else _LEAD.sub("", found["said"] + " ").strip(" ,.:'\"")
        if pattern is _AS_SAID and said.endswith("달"):  # "전화 달라고 적어줘": the word is no quotation mark
            said += "라고"
        if pattern in (_COLON, _BEHIND):
            said = _END.sub("", said)
        if len(said) >= 2 and not _NOTHING.match(said) and not re.fullmatch(r"[\d\s-]+(?:번)?\s*(?:주문)?\S?", said):
            return said.strip()[:LONGEST]
    return None


def corrected_note(text: str) -> str | None:
    """ "아니 '선물'이라고", "메모는 경비실로 바꿔줘" under the preview of a note."""
    bare = re.sub(r"^\s*(?:아니요?|아뇨|아냐|음|그게)[\s,.]+", "", text)
    found = (
        _QUOTED.search(bare)
        or _COLON.search(bare)
        or re.search(
            r"^(?:메모는?\s*)?(?P<said>.{2,}?)\s*(?:이라고|라고|(?:으로|로)\s*(?:바꿔|고쳐|해|적어|수정))", bare
        )
    )
    said = found["said"].strip(" ,.'\"")[:LONGEST] if found else ""
    return None if not said or _SO.match(said) else said  # "그대로 해줘" is a yes
