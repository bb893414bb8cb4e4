"""What every action shares: one turn in, one reply out, and no error that leaves the person in silence."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.client.errors import BackendError
from actions.turn import Turn

#: the action that continues a wish once its missing detail was given, by the wish's name
WISHES: dict[str, "TurnAction"] = {}
#: questions that may be asked again of another operation or market ("지마켓은?"), by action name
TOPICS: dict[str, "TurnAction"] = {}


class TurnAction(Action, ABC):
    """`action_name` is its name in the domain; `wish` names what it does where a person may have to be asked back."""

    action_name: ClassVar[str]
    wish: ClassVar[str | None] = None
    topic: ClassVar[bool] = False
    corrects_by_entity: ClassVar[bool] = True  # a bare name or date changes the preview that waits

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.wish:
            WISHES[cls.wish] = cls()
        if cls.topic:
            TOPICS[cls.action_name] = cls()

    def name(self) -> str:
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = Turn(dispatcher, tracker)
        await self.perform(turn)
        if self.topic:
            turn.remember(topic=self.action_name)
        turn.flush()
        return turn.events

    async def perform(self, turn: Turn) -> None:
        """`handle`, with a refusal of the backend turned into its sentence."""
        if turn.slot("misses") and turn.intent != "nlu_fallback":
            turn.remember(misses=0)
        try:
            await self.handle(turn)
        except BackendError as error:
            turn.problem(error)

    async def corrected(self, turn: Turn, values: dict[str, Any], *, bare: bool) -> dict[str, Any] | None:
        """{label, shown, values} when this message changes a detail given before (`bare`: names no detail), else None."""
        return None

    @abstractmethod
    async def handle(self, turn: Turn) -> None: ...
