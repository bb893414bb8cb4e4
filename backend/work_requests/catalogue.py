"""The menu of work requests, read from `catalogue.yml`: nothing outside it can be filed."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from backend.errors import InvalidInput
from backend.shops.required import SetupKey

FieldKind = Literal["text", "long_text", "number", "date", "choice", "product", "market", "url"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Strict):
    """`max` and `min` are characters of a text and the value of a number; `after` names a date this one follows."""

    kind: FieldKind
    required: bool = False
    max: int | None = None
    min: int | None = None
    choices: tuple[str, ...] = ()
    after: str | None = None
    past: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.choices) != (self.kind == "choice"):
            raise ValueError("a choice has choices, and nothing else has")
        return self


class WorkType(_Strict):
    """`days` are the working days it usually takes."""

    days: int
    needs: tuple[SetupKey, ...] = ()
    fields: dict[str, FieldSpec]

    @property
    def market_field(self) -> str | None:
        return next((key for key, spec in self.fields.items() if spec.kind == "market"), None)


class Catalogue(_Strict):
    version: int
    types: dict[str, WorkType]


@lru_cache
def catalogue() -> Catalogue:
    text = (Path(__file__).parent / "catalogue.yml").read_text(encoding="utf-8")
    return Catalogue.model_validate(yaml.safe_load(text))


def work_type(key: str) -> WorkType:
    """Raises InvalidInput `work_type_unknown` with the list of what can be asked for."""
    types = catalogue().types
    if key not in types:
        raise InvalidInput("the menu has no such work", code="work_type_unknown", type=key, types=list(types))
    return types[key]
