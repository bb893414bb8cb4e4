"""What people may wish of filed work: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import DAYS, PRODUCT, SAID, Wish, dicts

ASKED = {"scope": st.sampled_from(["mall", "market", "both"])}
CORRECT = {"product": PRODUCT, "item": st.sampled_from(["price", "option", "stock"]), "content": SAID, "due": DAYS}

WISHES: dict[str, Wish] = {
    "work_request.create": dicts({"type": st.just("category_tidy"), "fields": dicts({"content": SAID}, ASKED)})
    | dicts({"type": st.just("product_correct"), "fields": dicts(CORRECT)}),
    "work_request.withdraw": dicts({"number": st.sampled_from([1, "WR-1", "1번"])}, {"reason": SAID}),
}
STAYS = frozenset({"work_requests"})
OF_A_STRANGER = {
    "work_request.create": [{"type": "=product_correct", "fields": "product_fields"}],
    "work_request.withdraw": [{"number": "number"}],
}
RIGHTS = {
    "work_request.create": ({"type": "category_tidy", "fields": {"content": "x"}}, "work_requests:create"),
    "work_request.withdraw": ({"number": 1}, "work_requests:withdraw"),
}
