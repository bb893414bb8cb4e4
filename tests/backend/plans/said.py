"""Words, days and things that people say in any wish; "@name" stands for the id of that thing of the test shop."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.loader import operations
from backend.operations.contract import Area
from tests.backend.conftest import NOW

Wish = st.SearchStrategy[dict[str, Any]]

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
SAID = TEXT | st.sampled_from(["$now", "$actor_name", "신상 모음", "a@b.example", "0212345678", "@oneul"])
DAYS = st.integers(0, 400).map(lambda n: (clock.seoul(NOW).date() + timedelta(days=n)).isoformat())
HOURS = st.integers(1, 400).map(lambda n: (clock.seoul(NOW) + timedelta(hours=n)).isoformat())
MOMENTS = DAYS | HOURS
SCOPE = {
    "operation": st.sampled_from(sorted(operations())), "area": st.sampled_from([a.value for a in Area]),
    "market": st.sampled_from([m.value for m in Market]), "everything": st.booleans(),
}  # fmt: skip
PRODUCT = st.sampled_from([f"prd_oneul_{n:02}" for n in range(1, 5)] + ["P00001", "P00004"])


def dicts(required: dict[str, Any], optional: dict[str, Any] | None = None) -> Wish:
    return st.fixed_dictionaries(required, optional=optional or {})
