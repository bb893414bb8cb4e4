"""Reads what a person wants switched: one operation, an area, a market, or everything; and says precisely what is wrong."""

from pydantic import BaseModel, Field

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.errors import InvalidInput
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operation_named
from backend.operations.contract import Area
from backend.operations.scope import Scope, atoms


class ScopeParams(BaseModel):
    """Codes as text: an unknown one is answered with its own error code, not with a schema error."""

    operation: str | None = Field(None, max_length=60)
    area: str | None = Field(None, max_length=60)
    market: str | None = Field(None, max_length=60)
    everything: bool = False


class ExclusionParams(BaseModel):
    """What shall be left out. An operation may name its market: "product_name@coupang"."""

    excluded_operations: list[str] = Field([], max_length=30)
    excluded_areas: list[str] = Field([], max_length=len(Area))
    excluded_markets: list[str] = Field([], max_length=len(Market))


def read_excluded(params: ExclusionParams, scope: Scope) -> list[Scope]:
    """Only what takes something out of `scope`, each once, and in one order whatever the order of words.

    Raises as `read_scope` does.
    """
    named = [_operation_at(said) for said in params.excluded_operations]
    named += [Scope(area=read_area(code)) for code in params.excluded_areas]
    named += [Scope(market=read_market(code)) for code in params.excluded_markets]
    whole = atoms(scope)
    touching = {part for part in named if atoms(part) & whole}
    kept = [part for part in touching if not any(part != other and atoms(part) < atoms(other) for other in touching)]
    return sorted(kept, key=lambda part: list(map(str, part.as_json().values())))


def _operation_at(said: str) -> Scope:
    key, _, market = said.partition("@")
    return _one_operation(key, read_market(market or None))


def read_scope(params: ScopeParams) -> Scope:
    """Raises InvalidInput: scope_missing, unknown_operation, operation_not_available, unknown_area, unknown_market,
    operation_not_on_market. An operation named together with its area is just the operation."""
    market = read_market(params.market)
    if params.operation:
        return _one_operation(params.operation, market)
    if params.area:
        return Scope(area=read_area(params.area), market=market)
    if market or params.everything:
        return Scope(market=market)
    raise InvalidInput("say what to switch", code="scope_missing")


def _one_operation(key: str, market: Market | None) -> Scope:
    operation = operation_named(key)
    markets = operation.config.markets or (Market.MALL,)
    if market is not None and market not in markets:
        raise InvalidInput(
            "it does not run there", code="operation_not_on_market",
            operation=key, market=market.value, markets=[m.value for m in markets],
        )  # fmt: skip
    bound = market if operation.config.markets and len(markets) > 1 else None
    return Scope(operation=key, market=bound)


def read_market(code: str | None) -> Market | None:
    if code is None:
        return None
    try:
        return Market(code)
    except ValueError:
        raise InvalidInput(
            "no such market", code="unknown_market", market=code, markets=[m.value for m in Market]
        ) from None


def read_area(code: str) -> Area:
    try:
        return Area(code)
    except ValueError:
        raise InvalidInput("no such area", code="unknown_area", area=code, areas=[a.value for a in Area]) from None


def right_over(scope: Scope) -> Permission:
    """One operation is any operator's; an area, a market or everything is the owner's."""
    return Permission.OPERATIONS_SWITCH_ALL if scope.wide else Permission.OPERATIONS_SWITCH


def require_right(actor: Actor, scope: Scope) -> None:
    """Raises Forbidden."""
    actor.require(right_over(scope))
