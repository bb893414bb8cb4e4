"""Plans as their wire shapes: ids of products are told by name as well, pictures and pages in words."""

from sqlalchemy.orm import Session

from backend.kit import clock
from backend.markets import shown as listings
from backend.plans.models import Plan
from backend.plans.schemas import ChangeOut, PlanOut
from backend.products import service as products


def plan_out(session: Session, plan: Plan) -> PlanOut:
    out = PlanOut.model_validate(plan)
    out.state = plan.state_at(clock.now())
    placed = [change for change in out.changes if change.field == "product_id"]
    if placed:
        names = products.names(session, plan.shop_id, [v for c in placed for v in (c.before, c.after) if v])
        for change in placed:
            _name(change, names)
    for change in out.changes:
        if change.target_type == "listing" and change.field in listings.SHOWN:
            change.before_shown, change.after_shown = (
                listings.shown(session, plan.shop_id, change.target_id, change.field, value)
                for value in (change.before, change.after)
            )
        if change.target_type == "listing" and change.field == "image":
            change.before_picture, change.after_picture = (
                listings.picture_of(session, plan.shop_id, change.target_id, value)
                for value in (change.before, change.after)
            )
    return out


def _name(change: ChangeOut, names: dict[str, str]) -> None:
    change.before_shown, change.after_shown = names.get(change.before), names.get(change.after)
