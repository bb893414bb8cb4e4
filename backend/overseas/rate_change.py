"""The plan kind `overseas_rate.change`: the shop's own fees, days, or that it does not send to a country."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.change import Change, Effect, create
from backend.changes.registry import Target
from backend.errors import InvalidInput, NothingToChange
from backend.overseas.countries import country_named
from backend.overseas.models import OverseasRate
from backend.plans.kinds import PlanKind, Proposal, register

Step = tuple[Annotated[int, Field(ge=1, le=100_000)], Annotated[int, Field(ge=0, le=10_000_000)]]
Days = Annotated[int | None, Field(ge=0, le=180)]

registry.register("overseas_rate", Target(
    OverseasRate, frozenset({"served", "fees", "days_min", "days_max", "active"}), "ovr",
    undo_create=lambda row: {"active": False},
))  # fmt: skip


class RateParams(BaseModel):
    """What is not given stays; `fees` in rising weights, `reset` goes back to the reference."""

    country: Annotated[str, Field(max_length=60)]
    served: bool | None = None
    fees: Annotated[list[Step] | None, Field(max_length=40)] = None
    days_min: Days = None
    days_max: Days = None
    reset: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "RateParams":
        weights = [weight for weight, _ in self.fees or ()]
        if weights != sorted(set(weights)):
            raise ValueError("weights rise from step to step")
        if self.days_min is not None and self.days_max is not None and self.days_min > self.days_max:
            raise ValueError("the fewest days come first")
        return self


def propose(session: Session, actor: Actor, params: RateParams) -> Proposal:
    """Raises InvalidInput `country_unknown`, NothingToChange."""
    actor.require(Permission.INVENTORY_SETTINGS_CHANGE)
    country = country_named(params.country)
    if country is None:
        raise InvalidInput("no table for that country", code="country_unknown", named=params.country, known=[], fields=[
            {"field": "country", "message": params.country}
        ])  # fmt: skip
    row = session.scalars(
        select(OverseasRate).where(OverseasRate.shop_id == actor.shop_id, OverseasRate.country == country.code)
    ).first()
    wanted: dict[str, Any] = {"active": not params.reset}
    if not params.reset:
        given = {"served": params.served, "days_min": params.days_min, "days_max": params.days_max}
        wanted |= {name: value for name, value in given.items() if value is not None}
        if params.fees is not None:
            wanted["fees"] = [list(step) for step in params.fees]
    if len(wanted) == 1 and not params.reset:
        raise InvalidInput("what shall change?", fields=[{"field": "fees", "message": "missing"}])
    effect = Effect("overseas_terms", {"country": country.name, "reset": params.reset, **wanted})
    if row is None:
        if params.reset:
            raise NothingToChange("the reference holds")
        values = {"country": country.code, "served": True, "fees": [], "days_min": None, "days_max": None, **wanted}
        return Proposal([create("overseas_rate", values, country.name)], [effect])
    changes = [
        Change("overseas_rate", row.id, name, getattr(row, name), value, country.name)
        for name, value in wanted.items()
        if getattr(row, name) != value
    ]
    return Proposal(changes, [effect])


register(PlanKind("overseas_rate.change", RateParams, propose))
