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


def note_topic(turn: Turn, action_name: str) -> None:
    """Remember what was asked, and of what, so that it can be asked of something else."""
    asked = turn.asked or {"operation": turn.about("operation"), "market": turn.about("market")}
    turn.remember(topic={"action": action_name, **{k: v for k, v in asked.items() if v}})


class TurnAction(Action, ABC):
    """`action_name` is its name in the domain; `wish` names what it does where a person may have to be asked back;
    a `topic` may be asked again of another thing ("지마켓은?")."""

    action_name: ClassVar[str]
    wish: ClassVar[str | None] = None
    topic: ClassVar[bool] = False
    #: False for the steps of a form, which are no answer to an intent of their own
    answers_intent: ClassVar[bool] = True
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
        wanted = turn.slot("wanted")
        if self.answers_intent and wanted and wanted["asked_after"] != turn.message_id:
            # this message was answered here; the form that waits must not read it once more
            turn.remember(wanted={**wanted, "asked_after": turn.message_id})
        turn.flush()
        return turn.events

    async def perform(self, turn: Turn) -> None:
        """`handle`, unless the message belongs to what went before; a refusal of the backend becomes its sentence."""
        from actions.followup import continues

        if turn.slot("misses") and turn.intent != "nlu_fallback":
            turn.remember(misses=0)
        try:
            if self.answers_intent and await continues(turn):
                return
            await self.handle(turn)
            if self.topic:
                note_topic(turn, self.action_name)
        except BackendError as error:
            turn.problem(error)

    async def corrected(self, turn: Turn, values: dict[str, Any], *, preview: bool) -> dict[str, Any] | None:
        """{label, shown, values} when this message changes a detail given before, while asked or at the preview."""
        return None

    @abstractmethod
    async def handle(self, turn: Turn) -> None: ...
