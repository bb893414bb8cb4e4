"""The kinds of change a person can preview and confirm; features register theirs at start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes.change import Change, Effect
from backend.errors import InvalidInput
from backend.plans.models import Plan


@dataclass
class Proposal:
    """What would be written, and what a person should know before saying yes.

    `follows` is what writing it brings about besides (Target.afterwards): shown with it, and written by those.
    """

    changes: list[Change]
    effects: list[Effect] = field(default_factory=list)
    undoable: bool = True
    reason: str | None = None
    follows: list[Change] = field(default_factory=list)

    @property
    def all_changes(self) -> list[Change]:
        return self.changes + self.follows


def _nothing_more(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class PlanKind:
    """`propose` checks permissions and reads only: it is run once for the preview and again for the execution.

    It must raise NothingToChange when the wish already is the state, and may raise any OpsTalkError.
    `after` runs in the executing transaction once the changes are written and returns data for the result.
    """

    name: str
    params: type[BaseModel]
    propose: Callable[[Session, Actor, Any], Proposal]
    after: Callable[[Session, Actor, Plan, Sequence[Change]], dict[str, Any]] = _nothing_more


_KINDS: dict[str, PlanKind] = {}


def register(kind: PlanKind) -> None:
    _KINDS[kind.name] = kind


def names() -> frozenset[str]:
    return frozenset(_KINDS)


def kind_named(name: str) -> PlanKind:
    try:
        return _KINDS[name]
    except KeyError:
        raise InvalidInput("no such kind of plan", fields=[{"field": "kind", "message": name}]) from None
