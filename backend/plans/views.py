"""Plans as their wire shapes: ids of products are told by name as well."""

from sqlalchemy.orm import Session

from backend.kit import clock
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
    return out


def _name(change: ChangeOut, names: dict[str, str]) -> None:
    change.before_shown, change.after_shown = names.get(change.before), names.get(change.after)
