"""Button payloads, full names included."""

from __future__ import annotations

from bot.language.payload import is_payload, read_payload


def test_a_full_name_is_a_payload() -> None:
    payload = read_payload("/faq/market_scope")
    assert payload is not None
    assert payload.intent == "faq/market_scope"
    assert payload.entities == []


def test_entities_of_a_button_are_read_one_by_one() -> None:
    payload = read_payload('/ops_off{"market": ["coupang", "auction"], "operation": "thumbnail"}')
    assert payload is not None
    assert [(e["entity"], e["value"]) for e in payload.entities] == [
        ("market", "coupang"),
        ("market", "auction"),
        ("operation", "thumbnail"),
    ]


def test_broken_json_carries_no_entities() -> None:
    payload = read_payload('/ops_off{"market": }')
    assert payload is not None
    assert payload.entities == []


def test_a_sentence_with_a_slash_is_not_a_payload() -> None:
    assert not is_payload("/ 꺼주세요")
    assert not is_payload("프로모션/CRM 꺼주세요")
