"""The owner finishes a required setting; what waited for it may run."""

import pytest

from backend.errors import Forbidden, OpsTalkError
from backend.kit import clock
from backend.operations.catalogue.loader import operations
from backend.plans import service


def propose(session, actor, item, value=None):
    return service.preview(session, actor, "setup.complete", {"item": item, "value": value})


def test_installing_the_app_is_marked_now_and_tells_what_it_unlocks(session, shop, owner, carry_out) -> None:
    shop.pro_app_installed_at = None
    plan = carry_out(owner, "setup.complete", item="pro_app")
    assert shop.pro_app_installed_at == clock.now()
    waiting = [key for key, operation in operations().items() if "pro_app" in operation.config.required]
    assert plan.effects[1]["data"]["operations"] == waiting
    assert {"main_display", "cs_reply"} <= set(waiting)


def test_undo_takes_a_setting_back(session, shop, owner, carry_out) -> None:
    shop.pro_app_installed_at = None
    plan = carry_out(owner, "setup.complete", item="pro_app")
    carry_out(owner, "undo", source_type="plan", source_id=plan.id)
    assert shop.pro_app_installed_at is None


def test_a_sender_number_is_kept_as_digits_and_verified(session, shop, owner, carry_out) -> None:
    shop.sender_number = shop.sender_number_verified_at = None
    carry_out(owner, "setup.complete", item="sender_number", value="010-1234-5678")
    assert (shop.sender_number, shop.sender_number_verified_at) == ("01012345678", clock.now())


def test_a_done_setting_can_be_changed_by_giving_another_value(session, shop, owner, carry_out) -> None:
    carry_out(owner, "setup.complete", item="mail_sender", value="Shop@Example.com")
    assert shop.mail_sender == "shop@example.com"


def test_brand_information_is_completed_with_what_is_missing(session, shop, owner, carry_out) -> None:
    shop.brand_intro = None
    plan = carry_out(owner, "setup.complete", item="brand_info", value="  매일 입기   좋은 옷 ")
    assert (shop.brand_name, shop.brand_intro) == ("오늘담", "매일 입기 좋은 옷")
    assert plan.effects[0]["data"]["value"] == {"brand_name": "오늘담", "brand_intro": "매일 입기 좋은 옷"}


@pytest.mark.parametrize("item, value, code", [
    ("nonsense", None, "unknown_setup"),
    ("pro_app", None, "setup_already_done"),
    ("sender_number", "0212345678", "setup_already_done"),
    ("sender_number", "12345", "setup_value_invalid"),
    ("mail_sender", "nobody@", "setup_value_invalid"),
    ("brand_info", {"name": "가" * 51}, "setup_value_invalid"),
    ("market_account", None, "setup_already_done"),
])  # fmt: skip
def test_what_cannot_be_done_says_why(session, shop, owner, item, value, code) -> None:
    with pytest.raises(OpsTalkError) as refused:
        propose(session, owner, item, value)
    assert refused.value.error_code == code


def test_a_missing_value_is_asked_for(session, shop, owner) -> None:
    shop.sender_number_verified_at = None
    with pytest.raises(OpsTalkError) as refused:
        propose(session, owner, "sender_number")
    assert (refused.value.error_code, refused.value.data) == ("setup_value_missing", {"item": "sender_number"})


def test_marketplus_comes_after_the_app_and_accounts_are_linked_elsewhere(session, shop, owner) -> None:
    from backend.markets.models import MarketAccount

    shop.pro_app_installed_at = shop.marketplus_linked_at = None
    with pytest.raises(OpsTalkError) as first:
        propose(session, owner, "marketplus")
    assert (first.value.error_code, first.value.data["first"]) == ("setup_needs_first", "pro_app")
    for account in session.query(MarketAccount):
        session.delete(account)
    session.flush()
    with pytest.raises(OpsTalkError) as elsewhere:
        propose(session, owner, "market_account")
    assert elsewhere.value.error_code == "setup_elsewhere"
    assert elsewhere.value.data["fix"]["code"] == "connect_market_account"


def test_only_the_owner_completes_settings(session, shop, sub_operator, agent) -> None:
    for actor in (sub_operator, agent):
        with pytest.raises(Forbidden) as refused:
            propose(session, actor, "mail_sender", "a@b.kr")
        assert refused.value.data == {"permission": "setup:complete"}
