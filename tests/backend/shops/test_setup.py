"""Required settings are checked against the shop's state."""

import pytest
from sqlalchemy import select

from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.shops import setup, values
from backend.shops.required import SetupKey


def test_a_shop_with_everything_has_nothing_left(session, shop) -> None:
    assert [item.key for item in setup.check_all(session, shop)] == list(SetupKey)
    assert all(item.done for item in setup.check_all(session, shop))


@pytest.mark.parametrize("column, key", [
    ("pro_app_installed_at", "pro_app"), ("marketplus_linked_at", "marketplus"), ("sender_number", "sender_number"),
    ("sender_number_verified_at", "sender_number"), ("alimtalk_profile", "alimtalk_profile"),
    ("mail_sender", "mail_sender"), ("brand_name", "brand_info"), ("brand_intro", "brand_info"),
])  # fmt: skip
def test_each_column_that_is_empty_leaves_its_setting_open(session, shop, column, key) -> None:
    setattr(shop, column, None)
    missing = [item for item in setup.check_all(session, shop) if not item.done]
    assert [item.key.value for item in missing] == [key]
    assert missing[0].fix["href"] == f"/demo/pro-app#{key}"


def test_an_account_counts_for_its_own_market(session, shop) -> None:
    assert setup.check(session, shop, SetupKey.MARKET_ACCOUNT, Market.COUPANG).done
    assert not setup.check(session, shop, SetupKey.MARKET_ACCOUNT, Market.GMARKET).done
    assert setup.check(session, shop, SetupKey.MARKET_ACCOUNT, Market.MALL).done


def test_expired_credentials_are_linked_still_and_a_disconnected_account_is_not(session, shop) -> None:
    accounts = list(session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop.id)))
    for account in accounts:
        account.state = AccountState.EXPIRED
    assert setup.check(session, shop, SetupKey.MARKET_ACCOUNT).done
    for account in accounts:
        account.state = AccountState.DISCONNECTED
    session.flush()
    assert not setup.check(session, shop, SetupKey.MARKET_ACCOUNT).done


@pytest.mark.parametrize("given, kept", [
    ("010-1234-5678", "01012345678"), ("02) 123-4567", "021234567"), ("031 123 4567", "0311234567"),
    ("1588-1234", "15881234"), ("070.1234.5678", "07012345678"), ("+82 10-1234-5678", "01012345678"),
    ("119", None), ("010-123", None), ("012-345-6789", None), ("02-12345", None), ("번호없음", None),
    ("01012345678901", None), ("", None),
])  # fmt: skip
def test_only_numbers_a_korean_carrier_takes_are_sender_numbers(given, kept) -> None:
    assert values.sender_number(given) == kept


@pytest.mark.parametrize("given, kept", [
    ("Help@Shop.example", "help@shop.example"), ("a@b", None), ("a b@c.kr", None), ("a..b@c.kr", None), ("@c.kr", None),
])  # fmt: skip
def test_mail_addresses_are_checked(given, kept) -> None:
    assert values.mail_address(given) == kept


@pytest.mark.parametrize(
    "given, kept", [("오늘담", "@오늘담"), ("@oneul_dam", "@oneul_dam"), ("@", None), ("@a b", None)]
)
def test_channels_keep_their_at_sign(given, kept) -> None:
    assert values.channel_id(given) == kept
