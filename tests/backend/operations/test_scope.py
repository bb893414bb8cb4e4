"""What an OFF covers, as sets."""

from hypothesis import given
from hypothesis import strategies as st

from backend.markets.codes import Market
from backend.operations.contract import Area
from backend.operations.scope import Scope, Unit, all_units, atoms, covers, covers_to_come, units_in
from backend.operations.switches import scope_from

SCOPES = st.builds(
    Scope,
    operation=st.sampled_from([None, "main_display", "product_name", "smartstore_seo", "promotion_coupon"]),
    area=st.sampled_from([None, *Area]),
    market=st.sampled_from([None, *Market]),
)


def test_everything_covers_every_unit() -> None:
    assert units_in(atoms(Scope())) == all_units()


def test_the_own_mall_takes_the_operations_without_a_market() -> None:
    assert covers(Scope(market=Market.MALL), Unit("main_display", None))
    assert not covers(Scope(market=Market.COUPANG), Unit("main_display", None))


def test_an_area_covers_its_operations_only() -> None:
    assert {unit.operation for unit in units_in(atoms(Scope(area=Area.PROMOTION_CRM)))} == {
        "promotion_coupon",
        "crm_message",
    }


@given(SCOPES)
def test_a_scope_says_itself_again(scope: Scope) -> None:
    assert scope_from(scope.as_json()) == scope


def test_a_wide_scope_covers_operations_to_come_and_one_operation_does_not() -> None:
    assert covers_to_come(atoms(Scope()))
    assert covers_to_come(atoms(Scope(area=Area.CS)))
    assert not covers_to_come(atoms(Scope(operation="main_display")))
