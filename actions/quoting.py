"""The words a person wants sent to somebody else: quoted ("…"), said on ("내일 나가요 라고 답해줘") or reported ("내일 나간다고 전해줘")."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"[\"“”„「『'‘’](?P<said>[^\"“”„「」『』'‘’]{2,})[\"“”」』'’]")
_VERB = (
    r"(?:답|대답|회신|전해|전달|안내|적어|써|쓰|달아|달면|달고|달게|남겨|남기|올려|올리|보내|말해|말씀|얘기|이야기|알려|해\s?(?:줘|주|달|드|라|요|봐)|해(?=$|[\s.!~])"
    r"|하면|하자|할게|할께|고쳐|고칠|바꿔|바꾸|수정|ㄱㄱ|ㄱ$)"
)
_BETWEEN = r"(?:\s*(?:좀|그냥|다시|대신|그렇게|짧게|이렇게|글|한마디|얼른|빨리|\S{1,4}게))*\s*"
#: "…라고 답해줘", "…다고 전해줘"; the last one counts
_SAID_ON = re.compile(rf"(?P<said>.+?)\s*(?P<mark>이?라고(?:요)?|이?라구|고|구)(?:만)?{_BETWEEN}{_VERB}")
#: the other way round: "답장해줘 출고는 월욜부터라고"
_AFTERWARDS = re.compile(
    rf"{_VERB}\S*(?:\s+좀)?[\s,.:~]+(?P<said>.+?)(?P<mark>이?라고|이?라구|다고|다구)(?:요)?[\s.!~ㅠㅜ]*$"
)
#: "손세탁 권장으로 답변 올려", but not "초안으로 답해줘"
_TO = re.compile(
    rf"(?P<said>.+?(?<!초안)(?<!이걸)(?<!그걸)(?<!이거)(?<!그거)(?<!걸)(?<!말)(?<!내용)(?<!것)(?<!대)(?<!째)(?<!번))(?P<mark>으로){_BETWEEN}(?:답|회신)"
)
#: "2번 문의 답변ㄱㄱ 금욜 재입고"
_NOTED = re.compile(r"(?:답변?|답장|회신)\s*(?:ㄱㄱ?|:)\s*(?P<said>\S.+)$")
_DONT = re.compile(r"지\s*(?:말|마)")
#: who is addressed, and what stands before the message itself
_ADDRESS = re.compile(
    r"^.*?(?:(?:손님|사람|고객님?|구매자님?|분들?|문의\s*(?:글|건|자)?|질문|글|거|것|꺼|건|번)\s*(?:한테는?요?|에게는?|께는?|에다가?|에는?)"
    r"|문의\s*(?:글|건|자)?(?=\s)|되는데요?|(?:올려|달아|해|써|보내|적어|등록해)\s?(?:줘요?|주세요|주셔요)|거기다가?|있죠|있잖아요|초안\s*(?:말고|대신)|답변?은|답은|내용은|문구는|대신에?)[\s,?!.]+"
)
_LEAD = re.compile(
    r"^(?:(?:아니|아니요|아뇨|음|그럼|그러면|그냥|그거|이거|그건|이건|저|네|예|응|잠깐만?요?|근데|참)[\s,.!~]+)+"
)
_FINISHED = re.compile(r"(?:요|죠|니다|니까|세요|까|!|\?)$")


@dataclass(frozen=True)
class Words:
    """`reported`: still to be put as the other person shall read it; `before` is what stood outside of it."""

    text: str
    reported: bool
    before: str


def wants_draft(said: str) -> bool:
    """ "초안 그대로 보내줘": not one's own words."""
    return "초안" in said or "그대로" in said or "써준" in said


def words_to_send(said: str) -> Words | None:
    """None when the sentence holds nothing to be sent."""
    quoted = _QUOTED.search(said)
    if quoted:
        return Words(quoted["said"].strip(), reported=False, before=said[: quoted.start()] + said[quoted.end() :])
    if _DONT.search(said):
        return None
    found = _AFTERWARDS.search(said) or _last(_SAID_ON, said) or _last(_TO, said) or _NOTED.search(said)
    if found is None:
        return None
    start = found.start("said")
    body = found["said"]
    for pattern in (_LEAD, _ADDRESS, _ADDRESS, _LEAD):
        cut = pattern.match(body)
        if cut and cut.end() < len(body):
            start, body = start + cut.end(), body[cut.end() :]
    mark = found.groupdict().get("mark") or ""
    text = body.strip(" ,.~")
    if mark in ("고", "구"):
        if not text.endswith(("다", "라", "자")):
            return None
    elif mark.startswith("다"):
        text += "다"
    if len(text) < 2:
        return None
    before = said[:start] + said[found.end() :]
    return Words(text, reported=not _FINISHED.search(text), before=before)


def _last(pattern: re.Pattern[str], said: str) -> re.Match[str] | None:
    """Of "언제 오냐고 묻는 분 있죠? 오늘 부쳤다고 전해줘" the answer, not the question."""
    found = None
    for match in pattern.finditer(said):
        found = match
    return found
