"""What people may wish of what was done: its undo: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

WISHES: dict[str, Wish] = {
    "undo": dicts({"source_type": st.just("plan"), "source_id": st.just("@executed_plan")})
    | dicts({"source_type": st.just("run"), "source_id": st.just("@run")}),
}
OF_A_STRANGER = {
    "undo": [
        {"source_type": "=plan", "source_id": "executed_plan"},
        {"source_type": "=run", "source_id": "run"},
        {"source_type": "=plan", "source_id": "executed_plan", "target_ids": "=[]"},
    ],
}
RIGHTS = {"undo": ({"source_type": "plan", "source_id": "executed_plan"}, "operations:undo")}
