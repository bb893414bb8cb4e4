"""Which stock items are meant: by code, barcode, or a name that need not be spelt well."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.inventory.labels import labels
from backend.inventory.models import StockItem
from backend.inventory.schemas import ItemMentionOut
from backend.inventory.states import ItemState
from backend.kit.hangul import best_matches, compact, find_mention
from backend.kit.yaml_file import read_yaml
from backend.settings import ROOT

_CODE = re.compile(r"(?<![0-9A-Za-z-])[A-Za-z]{1,4}\d{2,}(?:-\d{1,3})?(?![0-9A-Za-z-])")
_BARCODE = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Za-z][0-9A-Za-z-]{5,31}(?![0-9A-Za-z])")
_SURE, _NEAR = 0.3, 0.12
By = Literal["code", "barcode", "option", "product"]


def find_items(session: Session, shop_id: str, text: str, limit: int = 20) -> list[StockItem]:
    """A code or a barcode is certain; else names with every word, spaces and case aside; else names spelt much like it."""
    wanted = text.strip()
    if not wanted or limit < 1:
        return []
    own = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
    certain = or_(func.upper(StockItem.code) == wanted.upper(), StockItem.barcode == wanted)
    if exact := list(session.scalars(own.where(certain).order_by(StockItem.code).limit(limit))):
        return exact
    squeezed = func.replace(func.lower(StockItem.name + " " + StockItem.code), " ", "")
    words = [word.lower() for word in wanted.split()]
    within = own.where(*(squeezed.contains(word, autoescape=True) for word in words))
    if found := list(session.scalars(within.order_by(func.length(StockItem.name), StockItem.code).limit(limit))):
        return found
    near = best_matches(wanted, _product_names(session, shop_id), 5) or [
        (mention.name, mention.score) for mention in find_mention(wanted, _product_names(session, shop_id), 5)
    ]
    return [item for name, _ in near for item in _of_product(session, shop_id, name)][:limit]


def mentioned_items(
    session: Session, shop_id: str, text: str, limit: int = 30, product_id: str | None = None
) -> list[ItemMentionOut]:
    """The items a sentence speaks of, best first.

    A product that is named without its option brings all its options; options that are said narrow them. `product_id`
    is what was talked about: its options count where the sentence names no product ("블랙은요?").
    """
    if certain := _coded(session, shop_id, text):
        return _out(session, shop_id, [(item, 1.0, by) for item, by in certain], limit)
    found = find_mention(text, _product_names(session, shop_id), 8)
    if product_id is not None and (not found or found[0].score < _SURE):
        own = session.scalars(
            select(StockItem)
            .where(
                StockItem.shop_id == shop_id, StockItem.product_id == product_id, StockItem.state == ItemState.ACTIVE
            )
            .order_by(StockItem.code)
        )
        chosen = said_options(text, list(own))
        return _out(session, shop_id, [(item, 1.0, "option") for item in chosen], limit)
    surest = found[0].score if found else 0.0
    told: list[tuple[StockItem, float, By]] = []
    for mention in found:
        if mention.score < max(_SURE if surest >= _SURE else 0.0, surest - _NEAR):
            continue
        options = _of_product(session, shop_id, mention.name)
        rest = text[: mention.start] + " " + text[mention.end :]
        chosen = said_options(rest, options)
        by: By = "option" if chosen else "product"
        told += [(item, mention.score, by) for item in chosen or options]
    return _out(session, shop_id, told, limit)


def said_options(text: str, items: Sequence[StockItem]) -> list[StockItem]:
    """Those of the items whose option a sentence says ("블랙 M"); empty when it says none of them."""
    said: dict[str, set[str]] = {}
    for item in items:
        for kind, value in item.options.items():
            if any(_says(text, word) for word in (str(value), *spoken().get(str(value).upper(), ()))):
                said.setdefault(kind, set()).add(str(value))
    if not said:
        return []
    return [item for item in items if all(str(item.options.get(kind)) in values for kind, values in said.items())]


def _says(text: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", text, re.IGNORECASE) is not None
    if len(word) == 1:
        return re.search(rf"(?<!\w){word}(?:사이즈|으로|로)?(?!\w)", text) is not None
    return compact(word) in compact(text)


@lru_cache
def spoken() -> dict[str, tuple[str, ...]]:
    """How people say an option: by its value in capitals, e.g. "S" → 스몰."""
    read = read_yaml(ROOT / "data" / "inventory" / "spoken_options.yml")
    return {str(value).upper(): tuple(map(str, words)) for value, words in read.items()}


def _coded(session: Session, shop_id: str, text: str) -> list[tuple[StockItem, By]]:
    codes = {code.upper() for code in _CODE.findall(text)}
    barcodes = set(_BARCODE.findall(text))
    if not codes | barcodes:
        return []
    own = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
    whole = [StockItem.code.startswith(f"{code}-", autoescape=True) for code in sorted(codes) if "-" not in code]
    hit = or_(func.upper(StockItem.code).in_(codes), StockItem.barcode.in_(barcodes), *whole)
    return [
        (item, "barcode" if item.barcode in barcodes and item.code.upper() not in codes else "code")
        for item in session.scalars(own.where(hit).order_by(StockItem.code))
    ]


def _product_names(session: Session, shop_id: str) -> list[str]:
    rows = session.execute(
        select(StockItem.name, StockItem.option_name)
        .where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
        .order_by(StockItem.code)
    )
    return list(dict.fromkeys(name.removesuffix(f" / {option}") if option else name for name, option in rows))


def _of_product(session: Session, shop_id: str, name: str) -> list[StockItem]:
    query = select(StockItem).where(
        StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE,
        or_(StockItem.name == name, StockItem.name == name + " / " + StockItem.option_name),
    )  # fmt: skip
    return list(session.scalars(query.order_by(StockItem.code)))


def _out(
    session: Session, shop_id: str, told: Sequence[tuple[StockItem, float, By]], limit: int
) -> list[ItemMentionOut]:
    told = told[:limit]
    labelled = labels(session, shop_id, [item for item, _, _ in told])
    return [
        ItemMentionOut(
            id=item.id, code=item.code, name=item.name, product_id=item.product_id,
            product_name=item.name.removesuffix(f" / {item.option_name}") if item.option_name else item.name,
            option_name=item.option_name, available=item.available, stocked=item.stocked, label=labelled[item.id],
            score=score, by=by,
        )
        for item, score, by in told
    ]  # fmt: skip
