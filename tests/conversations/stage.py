"""Where dialogues are played: one running stack, a small shop of its own for each dialogue."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from backend.access import tokens
from backend.cli.stack import Stack
from tests.conversations import small_shop
from tests.conversations.person import Person


@dataclass
class Stage:
    stack: Stack
    people: list[Person] = field(default_factory=list)
    on_leaving: list[Callable[[], None]] = field(default_factory=list)

    def enter(self, shop: str, speaker: str) -> tuple[str, Person]:
        """A new shop's mall id, and a person of it in a new conversation."""
        mall_id = f"m{uuid4().hex[:10]}"
        small_shop.build(mall_id, shop)
        return mall_id, self.person(mall_id, speaker)

    def person(self, mall_id: str, speaker: str) -> Person:
        identity = tokens.issue_identity(mall_id, speaker, f"identity-secret-of-{mall_id}-0123456789")
        person = Person(self.stack.url, identity)
        self.people.append(person)
        return person

    def leave(self) -> None:
        while self.on_leaving:
            self.on_leaving.pop()()
        while self.people:
            self.people.pop().close()
