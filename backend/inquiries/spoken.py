"""What the merchant has told to be said ("내일 나간다고 해줘"), as the sentence the buyer reads ("내일 나가요.")."""

from backend.kit.josa import with_josa
from backend.kit.korean_tokens import join, tokenize

_PLAIN_ENDINGS = frozenset({"다", "ᆫ다", "는다", "란다", "음", "ᆷ"})  # "재입고 없음", too
_STEMS = ("VV", "VA", "VX", "XSV", "XSA", "EP")
_FINISHED = ("요", "죠", "니다", "니까", "까", "!", "?")
_END = "어요"
_PROMISE, _PROMISED = "겠", "ᆯ게요"


def as_said(text: str) -> str:
    """A plain ending becomes a polite one, a bare noun a polite sentence; anything else stays as it is."""
    said = text.strip().rstrip(".~ ")
    if not said or said.endswith(_FINISHED):
        return text.strip()
    tokens = tokenize(said)
    if not tokens:
        return said
    last = tokens[-1]
    before = tokens[-2] if len(tokens) > 1 else None
    if last.tag == "EF" and last.form == "라" and before and before.form == "달":  # "기다려 달라" is a request
        return f"{said[: before.start].rstrip()} 주세요."
    if last.tag in ("EF", "ETN") and last.form in _PLAIN_ENDINGS and before:
        if before.tag == "VCP":
            return f"{with_josa(said[: before.start].rstrip(), '이에요/예요')}."
        promised = before.form == _PROMISE  # "확인해 보겠다"
        first = next((at for at in range(len(tokens) - 2, -1, -1) if not tokens[at].tag.startswith(_STEMS)), -1) + 1
        stem = tokens[first : -2 if promised else -1]
        ending = join([(t.form, t.tag) for t in stem] + [(_PROMISED if promised else _END, "EF")])
        return f"{said[: tokens[first].start]}{ending}."
    if last.tag.startswith(("NN", "NR", "NP", "SN", "SL", "XSN", "ETN", "JX")):
        return f"{with_josa(said, '이에요/예요')}."
    return said
