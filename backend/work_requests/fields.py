"""Checking what was filled in, field by field; every problem is named at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from backend.errors import InvalidInput
from backend.kit import clock
from backend.kit.numbers import parse_number
from backend.markets.codes import OPEN_MARKETS, Market
from backend.products.service import product_named
from backend.work_requests.catalogue import FieldSpec, WorkType


class _Problem(Exception):
    def __init__(self, problem: str, **data: Any) -> None:
        super().__init__(problem)
        self.data = {"problem": problem, **data}


def checked_fields(
    session: Session, shop_id: str, type_key: str, work: WorkType, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields as they are kept: trimmed texts, whole numbers, ISO dates, product ids, market codes.

    Raises InvalidInput `work_fields_invalid` with {field, problem, …} for each field that does not fit.
    """
    problems = [{"field": key, "problem": "unknown_field"} for key in given if key not in work.fields]
    kept: dict[str, Any] = {}
    for key, spec in work.fields.items():
        try:
            value = _checked(session, shop_id, spec, given.get(key))
            if value is None and spec.required:
                raise _Problem("required")
            if spec.after and value and (start := kept.get(spec.after)) and value < start:
                raise _Problem("in_the_past", earliest=start)
        except _Problem as problem:
            problems.append({"field": key, **problem.data})
            continue
        if value is not None:
            kept[key] = value
    if problems:
        raise InvalidInput("some fields do not fit", code="work_fields_invalid", type=type_key, fields=problems)
    return kept


def shown(session: Session, shop_id: str, spec: FieldSpec | None, value: Any) -> Any:
    """What a person recognises: a product's name for its id, everything else as it is kept."""
    if spec is None or spec.kind != "product":
        return value
    product = product_named(session, shop_id, str(value))
    return product.name if product else value


def _checked(session: Session, shop_id: str, spec: FieldSpec, value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if spec.kind == "number":
        return _number(spec, value)
    text = str(value).strip()
    if spec.kind in ("text", "long_text", "url") and spec.max is not None and len(text) > spec.max:
        raise _Problem("too_long", max=spec.max, length=len(text))
    match spec.kind:
        case "url":
            return _url(text)
        case "date":
            return _date(spec, text)
        case "choice":
            if text not in spec.choices:
                raise _Problem("not_a_choice", choices=list(spec.choices))
        case "market":
            if text not in OPEN_MARKETS:
                raise _Problem("market_unknown", choices=[market.value for market in OPEN_MARKETS])
            return Market(text).value
        case "product":
            product = product_named(session, shop_id, text)
            if product is None:
                raise _Problem("product_unknown")
            return product.id
    return text


def _number(spec: FieldSpec, value: Any) -> int:
    """Digits, or as people write it: 12,000원, 3만 5천."""
    number = parse_number(value) if isinstance(value, str) else value
    if isinstance(number, float):
        number = int(number) if number.is_integer() else None
    if number is None:
        raise _Problem("not_a_number")
    if spec.min is not None and number < spec.min:
        raise _Problem("too_small", min=spec.min)
    if spec.max is not None and number > spec.max:
        raise _Problem("too_large", max=spec.max)
    return number


def _date(spec: FieldSpec, text: str) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise _Problem("not_a_date") from None
    if not spec.past and day < clock.today():
        raise _Problem("in_the_past", earliest=clock.today().isoformat())
    return day.isoformat()


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _Problem("not_a_url") from None
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or any(c.isspace() for c in text):
        raise _Problem("not_a_url")
    return text
