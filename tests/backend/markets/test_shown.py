"""What of a listing a person reads instead of a code or a path."""

from backend.images.store import keep
from backend.markets.categories import category_tree
from backend.markets.codes import Market
from backend.markets.shown import picture_of, shown
from tests.backend.images.build import picture
from tests.backend.operations.conftest import add_listing, add_product


def test_a_category_is_read_by_its_name_and_an_unknown_code_stays(session, shop) -> None:
    listing = add_listing(session, add_product(session, shop, 1), Market.SMARTSTORE)
    known = category_tree(Market.SMARTSTORE).categories[0]
    assert shown(session, shop.id, listing.id, "category_code", known.code) == known.name
    assert " > " in known.name
    assert shown(session, shop.id, listing.id, "category_code", "50000000") is None
    assert shown(session, shop.id, listing.id, "category_code", None) is None


def test_a_market_whose_categories_we_do_not_know_has_no_names(session, shop) -> None:
    listing = add_listing(session, add_product(session, shop, 1), Market.GMARKET)
    assert shown(session, shop.id, listing.id, "category_code", "own-1101") is None


def test_a_listing_without_a_picture_of_its_own_shows_the_malls(session, shop, stranger) -> None:
    product = add_product(session, shop, 1)
    listing = add_listing(session, product, Market.SMARTSTORE)
    product.image = keep(shop.mall_id, picture(600, 800), "jpg")
    other = keep(shop.mall_id, picture(1000, 1000), "jpg")
    session.flush()
    assert picture_of(session, shop.id, listing.id, None) == product.image
    assert picture_of(session, shop.id, listing.id, other) == other
    assert picture_of(session, shop.id, listing.id, "/etc/passwd") is None
    assert picture_of(session, stranger.shop_id, listing.id, None) is None
