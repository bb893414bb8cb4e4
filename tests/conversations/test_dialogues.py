"""Plays every dialogue against the real Rasa, action server and backend."""

from typing import Any

import pytest

from tests.conversations.dialogue import Dialogue, load
from tests.conversations.facts import FACTS
from tests.conversations.happenings import HAPPENINGS
from tests.conversations.person import Person
from tests.conversations.stage import Stage

pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("rasa")]


@pytest.mark.parametrize("dialogue", load(), ids=lambda dialogue: dialogue.id)
def test_dialogue(stage: Stage, dialogue: Dialogue) -> None:
    shop, person = stage.enter(dialogue.shop, dialogue.speaker)
    for number, turn in enumerate(dialogue.turns, 1):
        if "do" in turn:
            HAPPENINGS[turn["do"]](stage, shop, person, **turn.get("with", {}))
        elif "press" in turn:
            person.press(turn["press"])
        else:
            person.send(turn.get("say") or turn["payload"], turn.get("payload"))
        check(
            person,
            turn,
            f"turn {number} ({turn.get('say') or turn.get('press') or turn.get('payload') or turn.get('do')})",
        )


def check(person: Person, turn: dict[str, Any], where: str) -> None:
    seen = person.seen()
    if "do" not in turn:
        if turn.get("silent"):
            assert not person.replies, f"{where}: answered {seen!r}"
        else:
            assert seen.strip(), f"{where}: no answer"
    if "intent" in turn:
        assert person.message["intent"] == turn["intent"], (
            f"{where}: understood {person.message['intent']}; said {seen!r}"
        )
    for wanted in turn.get("sees", []):
        assert wanted in seen, f"{where}: {wanted!r} is not in {seen!r} (intent {person.message.get('intent')})"
    for unwanted in turn.get("lacks", []):
        assert unwanted not in seen, f"{where}: {unwanted!r} is in {seen!r}"
    if "one_of" in turn:
        assert any(wanted in seen for wanted in turn["one_of"]), f"{where}: none of {turn['one_of']} is in {seen!r}"
    if "block" in turn:
        kinds = [block["type"] for block in person.blocks()]
        assert turn["block"] in kinds, f"{where}: {kinds}, said {seen!r} (intent {person.message.get('intent')})"
    titles = [button["title"] for button in person.buttons()]
    for wanted in turn.get("buttons", []):
        assert wanted in titles, f"{where}: {wanted!r} is not among {titles}"
    for name, value in turn.get("state", {}).items():
        assert FACTS[name](person) == value, f"{where}: {name}"
