"""What the demo mall's forms change, as the person who sits at the page: a plan carried out at once, or a direct edit."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change, create
from backend.changes.registry import to_json
from backend.changes.sentinels import NOW
from backend.db.locks import take_turn
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.markets.service import account
from backend.plans import service as plans
from backend.plans.models import Plan, PlanState
from backend.products.models import Product
from backend.shops.models import Shop

CREDENTIALS_FOR = timedelta(days=180)
SELLER_ID_MAX = 60


def carry_out(session: Session, actor: Actor, kind: str, params: dict[str, Any]) -> Plan:
    """Preview and confirm in one unit of work: the form itself was the question."""
    take_turn(session, [actor.shop_id])
    plan = plans.preview(session, actor, kind, params)
    done = plans.confirm(session, actor, plan.id, f"form-{plan.id}")
    if done.state is not PlanState.EXECUTED:
        raise Conflict("the preview did not hold for a moment", code="edit_conflict", state=done.state.value)
    return done


def rename_product(session: Session, actor: Actor, product_id: str, seen: str, name: str) -> str:
    """`seen` is the name the page showed: EditConflict when somebody changed it since. Returns the new name."""
    product = owned(session.get(Product, product_id), actor)
    name = _fitting(Market.MALL, name)
    _write(session, actor, "product.rename", [Change("product", product.id, "name", seen, name, product.code)])
    return name


def retitle_listing(session: Session, actor: Actor, listing_id: str, seen: str, title: str) -> str:
    listing = owned(session.get(Listing, listing_id), actor)
    title = _fitting(listing.market, title)
    product = session.get_one(Product, listing.product_id) if listing.product_id else None
    code = product.code if product else listing.market_product_no or listing.title
    _write(session, actor, "listing.retitle", [Change("listing", listing.id, "title", seen, title, code)])
    return title


def connect_market(session: Session, actor: Actor, market: Market, seller_id: str) -> None:
    """Link an account, or renew its credentials; only for an account that is not working by the market's fault."""
    actor.require(Permission.SETUP_COMPLETE)
    take_turn(session, [actor.shop_id])
    if session.get_one(Shop, actor.shop_id).marketplus_linked_at is None:
        raise Conflict("MarketPlus comes first", code="setup_needs_first", item="market_account", first="marketplus")
    seller_id = seller_id.strip()
    if not seller_id:
        raise InvalidInput("a seller id is needed", code="seller_id_missing")
    if len(seller_id) > SELLER_ID_MAX:
        raise InvalidInput("too long", code="text_too_long", max=SELLER_ID_MAX)
    found = account(session, actor.shop_id, market)
    after: dict[str, Any] = {
        "seller_id": seller_id, "state": AccountState.CONNECTED.value, "checked_at": NOW, "failing_since": None,
        "credentials_until": (clock.now() + CREDENTIALS_FOR).isoformat(),
    }  # fmt: skip
    if found is None:
        del after["failing_since"]
        changes = [create("market_account", {"market": market.value, **after}, market.value)]
    else:
        changes = [_set(found, column, value) for column, value in after.items()]
    _write(session, actor, "market_account.connect", changes)


def _set(row: MarketAccount, column: str, value: Any) -> Change:
    return Change("market_account", row.id, column, to_json(getattr(row, column)), value, row.market.value)


def _write(session: Session, actor: Actor, action: str, changes: list[Change]) -> None:
    moved = [change for change in changes if change.before != change.after]
    if not moved:
        raise NothingToChange("nothing was changed")
    apply(session, actor, action, Source("direct", new_id("edit")), moved)


def _fitting(market: Market, text: str) -> str:
    """The text without stray spaces; raises InvalidInput as the market itself would refuse it."""
    text = " ".join(text.split())
    limits = limits_of(market).title
    if not text:
        raise InvalidInput("a name is needed", code="name_empty")
    refused = "".join(sorted({char for char in text if not limits.accepts(char)}))
    if refused:
        raise InvalidInput(
            "refused characters", code="name_forbidden_character", market=market.value, characters=refused
        )
    if limits.length(text) > limits.max:
        data = {"max": limits.max, "unit": limits.unit, "length": limits.length(text)}
        raise InvalidInput("too long", code="name_too_long", **data)
    return text
