"""What an OFF covers, as sets."""

from hypothesis import given
from hypothesis import strategies as st

from backend.markets.codes import Market
from backend.operations.contract import Area
from backend.operations.scope import Scope, Unit, all_units, atoms, covers, units_in, widest_rows

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


def test_everything_but_one_market_is_said_market_by_market() -> None:
    rows = widest_rows(atoms(Scope()) - atoms(Scope(market=Market.COUPANG)))
    assert rows == [Scope(market=market) for market in Market if market is not Market.COUPANG]


@given(SCOPES)
def test_a_scope_is_said_again_in_one_row_or_is_empty(scope: Scope) -> None:
    covered = atoms(scope)
    rows = widest_rows(covered)
    assert len(rows) == (1 if covered else 0)
    assert {atom for row in rows for atom in atoms(row)} == covered


@given(SCOPES, st.sets(st.sampled_from(list(Market)), max_size=4))
def test_leaving_markets_out_never_covers_them_and_loses_no_unit(scope: Scope, left_out: set[Market]) -> None:
    wanted = atoms(scope)
    for market in left_out:
        wanted -= atoms(Scope(market=market))
    said = {atom for row in widest_rows(wanted) for atom in atoms(row)}
    assert said <= wanted
    assert units_in(said) == units_in(wanted)


@given(SCOPES, SCOPES)
def test_a_difference_holds_exactly_the_units_that_are_left(wide: Scope, less: Scope) -> None:
    left = {atom for row in widest_rows(atoms(wide) - atoms(less)) for atom in atoms(row)}
    assert set(units_in(left)) == set(units_in(atoms(wide))) - set(units_in(atoms(less)))
