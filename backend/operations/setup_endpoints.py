"""GET the required settings with what waits for each; POST to look again at one."""

from fastapi import APIRouter

from backend.access.actor import Actor
from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.operations.catalogue.loader import operations
from backend.operations.setup_complete import read_key
from backend.shops import setup
from backend.shops.models import Shop
from backend.shops.schemas import FixOut, SetupOut

router = APIRouter(prefix="/setup", tags=["setup"], route_class=InOneStep)


@router.get("")
def read_setup(actor: MemberActor, session: ReadSession) -> list[SetupOut]:
    return [_out(item) for item in setup.check_all(session, _shop(actor, session))]


@router.post("/{key}/check")
def check_setup(key: str, actor: MemberActor, session: ReadSession) -> SetupOut:
    """The state as it is now; finishing a setting is the plan `setup.complete`, or its own page."""
    return _out(setup.check(session, _shop(actor, session), read_key(key)))


def _shop(actor: Actor, session: ReadSession) -> Shop:
    actor.require(Permission.SHOP_READ)
    return session.get_one(Shop, actor.shop_id)


def _out(item: setup.SetupItem) -> SetupOut:
    needed_by = [operation.key for operation in operations().values() if item.key in operation.config.asks_for]
    return SetupOut(
        key=item.key, done=item.done, needed_by=needed_by, evidence=item.evidence, fix=FixOut.model_validate(item.fix)
    )
