"""The shapes a reply is made of (see `backend/conversations/blocks` for what the widget draws)."""

import json
from typing import Any

Block = dict[str, Any]


def payload(intent: str, **entities: Any) -> str:
    """What a button sends instead of its title: `/ops_off{"operation":"main_display"}`."""
    given = {k: v for k, v in entities.items() if v is not None}
    return f"/{intent}{json.dumps(given, ensure_ascii=False, separators=(',', ':'))}" if given else f"/{intent}"


def button(title: str, intent: str, /, style: str | None = None, **entities: Any) -> Block:
    made = {"title": title, "payload": payload(intent, **entities)}
    return {**made, "style": style} if style else made


def link(title: str, href: str, *, new_tab: bool = False) -> Block:
    """A page of ours opens in the same tab unless it says otherwise; other sites always in a new one."""
    made: Block = {"title": title, "href": href}
    return {**made, "new_tab": True} if new_tab else made


def text(value: str) -> Block:
    return {"type": "text", "text": value}


def buttons(items: list[Block]) -> Block:
    return {"type": "buttons", "buttons": items}


def notice(value: str, tone: str = "info") -> Block:
    return {"type": "notice", "tone": tone, "text": value}


def card(
    title: str,
    rows: list[tuple[str, str]] | None = None,
    *,
    subtitle: str | None = None,
    badge: tuple[str, str] | None = None,
    actions: list[Block] | None = None,
) -> Block:
    """`badge` is (text, tone), tone one of ok, warn, bad, muted."""
    made: Block = {"type": "card", "title": title, "rows": [{"label": k, "value": v} for k, v in rows or []]}
    if subtitle:
        made["subtitle"] = subtitle
    if badge:
        made["badge"] = {"text": badge[0], "tone": badge[1]}
    if actions:
        made["buttons"] = actions
    return made


def cards(items: list[Block]) -> Block:
    return {"type": "cards", "cards": items} if len(items) > 1 else items[0]


def diff(title: str, rows: list[dict[str, str]], more: str | None = None) -> Block:
    """`rows`: label, field, before, after as a person reads them; before_image, after_image where it is a picture."""
    made: Block = {"type": "diff", "title": title, "rows": rows}
    return {**made, "more": more} if more else made


def table(title: str, columns: list[str], rows: list[list[str]], more: str | None = None) -> Block:
    made: Block = {"type": "table", "title": title, "columns": columns, "rows": rows}
    return {**made, "more": more} if more else made
