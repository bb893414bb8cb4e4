"""A parcel abroad: its fee by weight, its days, what customs lacks, and the shop's own terms before the reference."""

import pytest

from backend.errors import OpsTalkError
from backend.kit.wording import wording
from backend.overseas.countries import countries, country_named, needs_of
from backend.overseas.quote import quote
from backend.plans import service
from tests.backend.shipping.build import add_item, add_order, carry_out, undo


@pytest.mark.parametrize(
    "said, code",
    [("JP", "JP"), ("일본", "JP"), ("jp", "JP"), ("United States", "US"), (" 미 국 ", "US"), ("두바이", "AE")],
)
def test_a_country_is_known_by_code_and_name(said: str, code: str) -> None:
    found = country_named(said)
    assert found is not None and found.code == code


def test_every_table_rises_and_every_country_can_be_declared() -> None:
    for country in countries().values():
        weights, fees = zip(*country.fees, strict=True)
        assert list(weights) == sorted(set(weights)) and list(fees) == sorted(set(fees)) and fees[0] > 0
        assert 0 < country.days[0] <= country.days[1]
        assert set(country.needs) <= wording().named("customs_field").keys()
    assert needs_of("KR") == () and "hs_code" in needs_of("ZZ")


@pytest.mark.parametrize("weight, fee", [(1, 22_000), (500, 22_000), (501, 26_500), (30_000, 222_000), (30_001, None)])
def test_the_first_step_that_fits_is_the_fee(session, shop, weight, fee) -> None:
    found = quote(session, shop.id, "일본", weight, None)
    assert (found.fee, found.too_heavy, found.own) == (fee, fee is None, False)


def test_an_order_is_weighed_and_what_is_missing_is_named(session, shop) -> None:
    whole = add_item(session, shop, 1, english_name="Knit", hs_code="611030", origin_country="KR", weight_g=400)
    bare = add_item(session, shop, 2)
    order = add_order(session, shop, [(whole, 2)], 1, country="US", amount=50_000)
    found = quote(session, shop.id, None, None, order.id)
    assert (found.country, found.weight_g, found.fee, found.customs_missing) == ("US", 800, 41_500, False)
    assert (found.customs[0].value, found.customs[0].hs_code) == (50_000, "611030")
    order = add_order(session, shop, [(whole, 1), (bare, 1)], 2, country="US")
    found = quote(session, shop.id, None, None, order.id)
    assert (found.fee, found.weight_missing, found.customs_missing) == (None, [bare.name], True)
    assert found.customs[1].missing == ["english_name", "origin_country", "hs_code"]


@pytest.mark.parametrize("given, code", [
    ({"said": None}, "country_missing"), ({"said": "아틀란티스"}, "country_unknown"), ({"order_id": "x"}, "order_not_found"), ({"order_id": "ord_oneul_01"}, "order_is_domestic"),
])  # fmt: skip
def test_what_cannot_be_quoted_says_why(session, shop, given, code) -> None:
    add_order(session, shop, [(add_item(session, shop), 1)])
    with pytest.raises(OpsTalkError) as caught:
        quote(session, shop.id, **{"said": None, "weight_g": 100, "order_id": None, **given})
    assert caught.value.error_code == code


def test_the_shops_own_terms_come_before_the_reference_and_can_be_put_back(session, shop, owner) -> None:
    plan = carry_out(session, owner, "overseas_rate.change", country="일본", fees=[[1000, 9_900]], days_max=3)
    found = quote(session, shop.id, "JP", 700, None)
    assert (found.fee, found.days_max, found.own) == (9_900, 3, True)
    assert quote(session, "shop_other", "JP", 700, None).fee == 26_500
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    carry_out(session, owner, "overseas_rate.change", country="JP", served=False)
    assert quote(session, shop.id, "JP", 700, None).served is False
    carry_out(session, owner, "overseas_rate.change", country="JP", reset=True)
    assert quote(session, shop.id, "JP", 700, None).fee == 26_500


def test_the_first_terms_are_undone(session, shop, owner) -> None:
    undo(session, owner, carry_out(session, owner, "overseas_rate.change", country="JP", fees=[[1000, 1]]))
    assert quote(session, shop.id, "JP", 700, None).own is False


@pytest.mark.parametrize("params", [
    {"country": "JP"}, {"country": "JP", "fees": [[1000, 1], [500, 2]]}, {"country": "JP", "fees": [[500, -1]]},
    {"country": "JP", "days_min": 5, "days_max": 2}, {"country": "?", "served": True},
])  # fmt: skip
def test_terms_that_make_no_sense_are_refused(session, shop, owner, params) -> None:
    with pytest.raises(OpsTalkError) as caught:
        service.preview(session, owner, "overseas_rate.change", params)
    assert caught.value.status == 422


def test_over_http(session, shop, owner, stranger, client) -> None:
    order = add_order(session, shop, [(add_item(session, shop, weight_g=300), 1)], country="JP")
    session.commit()
    http = client(owner)
    assert http.get("/api/overseas/quote", params={"country": "일본", "weight": 300}).json()["fee"] == 22_000
    assert http.get("/api/overseas/quote", params={"order_id": order.id}).json()["fee"] == 22_000
    assert len(http.get("/api/overseas/countries").json()) == len(countries())
    assert http.get("/api/overseas/quote", params={"country": "x", "weight": 0}).status_code == 422
    assert client(stranger).get("/api/overseas/quote", params={"order_id": order.id}).status_code == 404
