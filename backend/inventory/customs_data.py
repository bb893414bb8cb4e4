"""What customs wants to know of an article, as it is kept, or refused by name (backend/kit/customs.py)."""

from backend.errors import InvalidInput
from backend.kit.customs import RULES

REFUSED = {"english_name": "english_name_invalid", "hs_code": "hs_code_invalid", "origin_country": "country_invalid"}


def customs_value(field: str, said: str) -> str | None:
    """None for an empty text, which takes the value away. Raises InvalidInput `english_name_invalid`, `hs_code_invalid`,
    `country_invalid`."""
    if not said:
        return None
    kept = RULES[field](said)
    if kept is None:
        code = REFUSED[field]
        raise InvalidInput("cannot be declared", code=code, fields=[{"field": field, "message": code}], value=said[:40])
    return kept
