"""Values that are only known at the moment of writing, so that a preview and its execution stay equal until then.

`$now` the instant of the write · `$actor_id` and `$actor_name` who writes · `$conversation_id` where they said so ·
`$source_id` the plan or run that writes. The written change and the audit event hold the real value.
"""

from typing import Any

from backend.access.actor import Actor
from backend.audit.record import Source
from backend.kit import clock


class Sentinel(str):
    """Known by its type, not its spelling: a person who writes "$now" means those four characters."""

    __slots__ = ()


NOW = Sentinel("$now")
ACTOR_ID = Sentinel("$actor_id")
ACTOR_NAME = Sentinel("$actor_name")
CONVERSATION_ID = Sentinel("$conversation_id")
SOURCE_ID = Sentinel("$source_id")


def resolve(value: Any, actor: Actor, source: Source) -> Any:
    if not isinstance(value, Sentinel):
        return value
    real = {
        NOW: clock.now().isoformat(), ACTOR_ID: actor.id, ACTOR_NAME: actor.name,
        CONVERSATION_ID: actor.conversation_id, SOURCE_ID: source.id,
    }  # fmt: skip
    return real[value]
