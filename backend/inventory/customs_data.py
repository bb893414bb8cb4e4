"""What customs wants to know of an article, as it is kept: one rule for the conversation, the API and files (source: 002, 해외배송)."""

import re

from backend.errors import InvalidInput
from backend.kit.hangul import compact
from backend.kit.origins import origins
from backend.kit.wording import wording

HS_CODE = re.compile(r"\d{4}(?:[. -]?\d{2}){1,3}")


def english_name(said: str) -> str | None:
    """Raises InvalidInput `english_name_invalid` for letters that a form abroad does not take."""
    if not said.isascii():
        raise _wrong("english_name", said)
    return said.strip() or None


def hs_code(said: str) -> str | None:
    """Six, eight or ten digits. Raises InvalidInput `hs_code_invalid`."""
    if said and not HS_CODE.fullmatch(said):
        raise _wrong("hs_code", said)
    return re.sub(r"\D", "", said) or None


def origin_country(said: str) -> str | None:
    """By code or by name ("한국"). Raises InvalidInput `country_invalid`."""
    if re.fullmatch(r"[A-Za-z]{2}", said) or not said:
        return said.upper() or None
    name = compact(said)
    names = wording().named("origin")
    for code, also in origins().items():
        if name in {compact(word) for word in (names[code], *also)}:
            return code
    raise _wrong("origin_country", said, "country_invalid")


READ = {"english_name": english_name, "hs_code": hs_code, "origin_country": origin_country}


def _wrong(field: str, said: str, code: str | None = None) -> InvalidInput:
    code = code or f"{field}_invalid"
    return InvalidInput("cannot be declared", code=code, fields=[{"field": field, "message": code}], value=said[:40])
