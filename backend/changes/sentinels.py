"""Values that are only known at the moment of writing, so that a preview and its execution stay equal until then.

`$now` the instant of the write · `$actor_id` and `$actor_name` who writes · `$source_id` the plan or run that writes.
The written change and the audit event hold the real value.
"""

from typing import Any

from backend.access.actor import Actor
from backend.audit.record import Source
from backend.kit import clock

NOW = "$now"
ACTOR_ID = "$actor_id"
ACTOR_NAME = "$actor_name"
SOURCE_ID = "$source_id"


def resolve(value: Any, actor: Actor, source: Source) -> Any:
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value == NOW:
        return clock.now().isoformat()
    return {ACTOR_ID: actor.id, ACTOR_NAME: actor.name, SOURCE_ID: source.id}.get(value, value)
