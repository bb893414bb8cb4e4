"""What people may wish of proposed deals: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import Wish, dicts

WISHES: dict[str, Wish] = {"deal.answer": dicts({"proposal_id": st.just("@deal"), "accept": st.booleans()})}
OF_A_STRANGER = {"deal.answer": [{"proposal_id": "deal", "accept": "=true"}]}
RIGHTS = {"deal.answer": ({"proposal_id": "deal", "accept": True}, "deals:answer")}
