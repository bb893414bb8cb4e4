"""Values that are only known at the moment of writing, so that a preview and its execution stay equal until then.

`$now` the instant of the write · `$actor_id` and `$actor_name` who writes · `$conversation_id` where they said so ·
`$source_id` the plan or run that writes · `$made:3` the id of the row that the fourth change of the same plan creates.
The written change and the audit event hold the real value.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from backend.access.actor import Actor
from backend.audit.record import Source
from backend.kit import clock

if TYPE_CHECKING:
    from backend.changes.change import Change


class Sentinel(str):
    """Known by its type, not its spelling: a person who writes "$now" means those four characters."""

    __slots__ = ()


NOW = Sentinel("$now")
ACTOR_ID = Sentinel("$actor_id")
ACTOR_NAME = Sentinel("$actor_name")
CONVERSATION_ID = Sentinel("$conversation_id")
SOURCE_ID = Sentinel("$source_id")


class Made(Sentinel):
    """The id of a row that an earlier change of the same plan creates; `made(changes)` is that of the last one."""

    __slots__ = ()


def made(so_far: Sequence["Change"]) -> Made:
    return Made(f"$made:{len(so_far) - 1}")


def resolve(value: Any, actor: Actor, source: Source, written: Sequence["Change"] = ()) -> Any:
    if not isinstance(value, Sentinel):
        return value
    if isinstance(value, Made):
        return written[int(value.split(":")[1])].target_id
    real = {
        NOW: clock.now().isoformat(), ACTOR_ID: actor.id, ACTOR_NAME: actor.name,
        CONVERSATION_ID: actor.conversation_id, SOURCE_ID: source.id,
    }  # fmt: skip
    return real[value]
