"""What one check of the gate is given, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.operations.contract import Finding, Operation, RunPlan
from backend.operations.models import Run
from backend.operations.scope import Unit
from backend.operations.shop_facts import ShopFacts
from backend.shops.models import Shop


@dataclass(frozen=True)
class Computed:
    """A dry run: what was found and what would be written."""

    findings: list[Finding]
    plan: RunPlan


@dataclass
class Case:
    """One operation of one shop at one moment; `run` is the open run that is decided or asked about, if there is one.

    Without `explain` only what decides is read, not what an answer would tell beside it.
    """

    session: Session
    shop: Shop
    unit: Unit
    operation: Operation
    now: datetime
    facts: ShopFacts
    run: Run | None = None
    computed: Computed | None = None
    explain: bool = True
    off_at: datetime | None = None

    @property
    def starts(self) -> datetime:
        """When the OFFs are asked: now, or when a run that is decided ahead would start."""
        return self.off_at or self.now


@dataclass(frozen=True)
class Check:
    """`blocking` holds the run; a check may fail without holding it (a failure that is not retried any more)."""

    code: str
    passed: bool
    blocking: bool = True
    evidence: dict[str, Any] = field(default_factory=dict)
    fix: dict[str, Any] | None = None

    @property
    def holds(self) -> bool:
        return self.blocking and not self.passed


def passed(code: str, evidence: dict[str, Any] | None = None) -> Check:
    return Check(code, True, True, evidence or {})


def failed(code: str, evidence: dict[str, Any], fix: str | dict[str, Any] | None, *, blocking: bool = True) -> Check:
    return Check(code, False, blocking, evidence, {"code": fix} if isinstance(fix, str) else fix)
