"""The reason a person gives, in their own words: "사유는 주소 확인", "재고가 없어서 취소", "단순변심으로"."""

import re

#: what stands behind the word itself, as in "사유는 단순변심이에요"
_NAMED = re.compile(
    r"(?:사유|이유|까닭)(?!\s*로)\s*(?:는|은|가|를|을|란에|로는)?\s*[:：]?\s*(?P<said>[^,.!?]{2,60}?)"
    r"\s*(?:이에요|예요|이요|요|입니다|임|이라고\s*\S+|라고\s*\S+|이야|야|(?:으로|로)(?:요|\s*(?:해|바꿔|바꾸|고쳐|적어|변경|넣어)\S*(?:\s*\S{1,4})?)?)?\s*[.!~]*$"
)
#: reasons that are said so often that they need no word before them
_KNOWN = re.compile(
    r"단순\s*변심|변심|고객\s*(?:요청|변심|확인)|구매자\s*(?:요청|변심)|손님\s*요청|품절|재고\s*(?:부족|없음|확인)|단종|중복\s*(?:주문|결제)|"
    r"주소\s*(?:확인|오류|불명|변경)|연락\s*(?:두절|안\s*됨)|결제\s*(?:오류|확인)|가격\s*(?:오기|오류)|사이즈\s*(?:안\s*맞음|불만|교환)|"
    r"색상\s*(?:불만|다름)|상품\s*(?:불량|하자|파손)|제품\s*(?:불량|하자|파손)|불량|하자|파손|오배송|배송\s*지연|입금\s*(?:기한\s*)?(?:지남|초과|안\s*됨)|의심\s*주문|도난\s*카드|부재"
)
_BECAUSE = re.compile(
    r"(?:^|(?<=[\s,.]))(?P<said>(?:\S+\s+){0,5}?\S*(?:해서|돼서|되어서|어서|아서|라서|이라|때문에|대요|래요|다고\s*(?:해서|하셔서|하니|합니다|해요)|다네요|셔서|려서|져서|와서|가서|없어|작아|커서))[\s,]"
)
_HOLD_AS = re.compile(r"(?P<said>[^,.!?]{2,40}?)\s*(?:으로|로|차|관계로)\s*(?:잠시\s*|잠깐\s*)?(?:보류|홀드|킵)")
_LEAD = re.compile(
    r"^(?:(?:아니|아니요|아뇨|음|그럼|그|이|저|방금|아까|네|예|해당|두\s*번째|첫\s*번째|\d{4,}\S*|주문\S*|오더\S*|건|은|는|을|를|이거|그거|그건|이건|고객님?\S*|손님\S*|[가-힣*]{2,4}\s*(?:님|씨)\S*)[\s,.]+)+"
)


def reason_after_word(text: str) -> str | None:
    """Only where the word for it is said."""
    match = _NAMED.search(text)
    return match["said"].strip(" '\"") if match else None


def reason_said(text: str) -> str | None:
    """Named, well known, or said as a because."""
    named = reason_after_word(text)
    if named:
        return named
    known = _KNOWN.search(text)
    if known:
        return known[0]
    because = _BECAUSE.search(text)
    if because is None:
        return None
    said = _LEAD.sub("", because["said"]).strip(" ,")
    return said if len(said) >= 3 else None


def hold_reason(text: str) -> str | None:
    """Of "주소 확인 사유로 보류", "사유는 주소 확인", "동 호수가 빠져서 보류"."""
    named = reason_after_word(text)
    if named and not re.search(r"보류|홀드", named):
        return named
    known = _KNOWN.search(text)
    if known:
        return known[0]
    match = _HOLD_AS.search(text)
    if match:
        said = re.sub(r"\s*사유$", "", _LEAD.sub("", match["said"])).strip()
        if len(said) >= 2 and not re.fullmatch(r"(?:주문|오더|이|그|건|\d+)+", said):
            return said
    because = _BECAUSE.search(text)
    if because:
        said = _LEAD.sub("", because["said"]).strip(" ,")
        return said if len(said) >= 3 else None
    return None
