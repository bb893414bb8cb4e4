"""Words of courtesy that people put before what they want."""

from __future__ import annotations

import re

#: intents that a whole sentence may be taken for because of its first words
COURTESIES = frozenset({"greet", "thank", "goodbye"})
_LEAD = re.compile(
    r"(?:(?:네|넵|예)?[\s,]*(?:안녕하세요|안녕하십니까|안녕하신지요|안녕|하이|헬로|반갑습니다|반가워요"
    r"|수고하십니다|수고하세요|수고\s*많으(?:십니다|세요|시네요)|고생\s*많으(?:십니다|세요|시네요)|저기요|계세요"
    r"|감사합니다|감사해요|고맙습니다|고마워요?)"
    r"(?:\s*(?:근데|그런데|그리고|혹시|다름이\s*아니라|다름\s*아니고))?[\s,.!~?^ㅎㅋㅠㅜ]*)+"
)
_SHORTEST = 6  # characters; less is hardly a wish of its own


def beyond_courtesy(text: str) -> str | None:
    """What is said after the courtesy; None when the sentence begins otherwise, or nothing much follows."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :].strip() if lead else ""
    return rest if len(rest) >= _SHORTEST else None
