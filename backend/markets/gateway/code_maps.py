"""The markets' codes as data, and what happens to one that no table knows: it is kept, reported, and read carefully.

An unknown status is taken as "paid, nothing sent": the order shows up and a person looks at it; taken for anything
later, it would never be sent (one team lost orders for two days that way, source: facts).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.orders.states import ClaimKind, ClaimState, Fulfilment

HERE = Path(__file__).parent


@lru_cache
def table(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "codes" / f"{name}.yml").read_text(encoding="utf-8"))
    return read


@lru_cache
def _couriers() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load((HERE / "couriers.yml").read_text(encoding="utf-8"))
    return read


def courier_at(market: str, courier: str) -> str:
    known = _couriers()
    return known.get(courier, known["other"])[market]


@dataclass
class Unknown:
    """Codes of one page that no table knows, each once, as "status:XYZ"."""

    codes: dict[str, None] = field(default_factory=dict)

    def note(self, axis: str, raw: str) -> None:
        self.codes[f"{axis}:{raw}"] = None


def fulfilment_of(known: dict[str, Any], raw: str, unknown: Unknown) -> Fulfilment:
    if raw not in known:
        unknown.note("status", raw)
        return Fulfilment.UNALLOCATED
    return Fulfilment(known[raw])


def claim_kind_of(known: dict[str, Any], raw: str, unknown: Unknown) -> ClaimKind | None:
    if raw not in known:
        unknown.note("claim_type", raw)
        return None
    return ClaimKind(known[raw]) if known[raw] else None


def claim_state_of(known: dict[str, Any], raw: str, unknown: Unknown) -> ClaimState | None:
    """None where the code is about no claim; an unknown one waits for a person as a request."""
    if raw not in known:
        unknown.note("claim_status", raw)
        return ClaimState.REQUESTED
    return ClaimState(known[raw]) if known[raw] else None


def answered(answer: str, state: str | None) -> bool:
    """Whether the claim already is where the answer would bring it."""
    reached = {
        "approve": {"accepted", "collecting", "collected", "reshipping", "done"},
        "reject": {"rejected"}, "withdraw": {"rejected", "withdrawn"}, "cancel": {"done"},
        "request": {"requested", "accepted", "collecting", "collected", "reshipping", "done"},
        "exchange_sent": {"reshipping", "done"}, "collected": {"collected", "reshipping", "done"}, "done": {"done"},
    }  # fmt: skip
    return state in reached.get(answer, set())
