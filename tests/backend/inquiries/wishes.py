"""What people may wish of inquiries: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import SAID, Wish, dicts

WISHES: dict[str, Wish] = {
    "inquiry.send_draft": dicts({"inquiry_id": st.just("@inquiry")}, {"text": SAID, "reported": st.booleans()}),
}
OF_A_STRANGER = {"inquiry.send_draft": [{"inquiry_id": "inquiry"}]}
RIGHTS = {"inquiry.send_draft": ({"inquiry_id": "inquiry"}, "inquiries:answer")}
