"""Detail pages: what buyers look for and is missing is written from the product's facts alone; what the merchant wrote stays."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.markets.better import Better
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.smartstore_detail.improve import Rules, improve
from backend.operations.catalogue.smartstore_detail.layout import PAGES, layout
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.operations.conftest import add_run
from tests.backend.products.build import make_listing, make_product

OPERATION = operation_named("smartstore_detail")
RULES = Rules.model_validate(OPERATION.config.rules)
CARDIGAN = {"소재": "울 80%", "색상": ["블랙", "아이보리"], "사이즈": ["S", "M"], "세탁방법": "찬물에 손세탁"}
TERMS = {"배송비": "3,000원", "교환·반품": "받은 날부터 7일 안에 신청"}


def listed(
    attributes: dict[str, Any], detail: list[dict[str, Any]] | None = None, category: str = "여성의류 > 니트 > 가디건"
) -> tuple[Listing, Product]:
    product = Product(id="prd_1", shop_id="s", code="P00001", name="울 가디건", brand="오늘담", category=category, price=1,
                      status=SaleStatus.ON_SALE, attributes=attributes, registered_on=date(2026, 3, 2))  # fmt: skip
    return Listing(
        id="lst_1", shop_id="s", product_id="prd_1", market=Market.SMARTSTORE, market_product_no="1", title="울 가디건",
        category_code=None, filters={}, detail=detail or [],
    ), product  # fmt: skip


def improved(listing: Listing, product: Product, terms: dict[str, Any] | None = None) -> list[Better]:
    """Writes what is proposed into the listing."""
    found = improve(listing, product, TERMS if terms is None else terms, layout(), RULES)
    written = [better.after for better in found if better.writes]
    assert all(better.before == listing.detail for better in found) and all(after == written[0] for after in written)
    if written:
        listing.detail = written[0]
    return found


def titles(listing: Listing) -> list[str]:
    return [section["title"] for section in listing.detail]


def merchants(title: str, *lines: str) -> dict[str, Any]:
    return {"key": None, "title": title, "lines": list(lines), "by": "merchant"}


def test_an_empty_page_gets_every_section_there_are_facts_for_in_the_pages_order() -> None:
    listing, product = listed(CARDIGAN)
    found = improved(listing, product)
    assert titles(listing) == ["상품 특징", "소재", "사이즈", "세탁·보관법", "배송·교환 안내"]
    assert [section["lines"] for section in listing.detail] == [
        ["오늘담의 울 가디건이에요.", "색상은 블랙, 아이보리 2가지예요."],
        ["소재: 울 80%"],
        ["사이즈는 S, M 중에서 고르실 수 있어요."],
        ["세탁방법: 찬물에 손세탁"],
        ["배송비: 3,000원", "교환·반품: 받은 날부터 7일 안에 신청"],
    ]
    assert {better.code for better in found} == {"section_missing"}
    assert improved(listing, product) == []


def test_a_section_without_facts_is_told_and_not_written() -> None:
    listing, product = listed({"색상": "블랙"})
    found = improved(listing, product, {})
    assert titles(listing) == ["상품 특징"]
    told = {better.evidence["section"]: better for better in found if better.code == "section_facts_missing"}
    assert set(told) == {"material", "size", "care", "delivery"}
    assert "소재" in told["material"].evidence["needs"] and told["delivery"].evidence["needs"] == []
    assert not any(better.writes for better in told.values())


@pytest.mark.parametrize(
    ("category", "wanted"),
    [
        (
            "화장품/미용 > 스킨케어 > 스킨/토너",
            {"성분": "병풀", "용량": "200ml", "사용방법": "덜어 바르기", "효과": "진정"},
        ),
        ("식품 > 가공식품 > 장류", {"원산지": "국내산", "중량": "1kg", "보관방법": "냉장 보관", "맛": "구수한 맛"}),
    ],
)
def test_each_kind_of_product_has_its_own_headings(category: str, wanted: dict[str, str]) -> None:
    listing, product = listed(wanted, category=category)
    improved(listing, product)
    kind = next(kind for kind in layout().kinds if category.split(" > ")[0] in kind.names)
    assert titles(listing) == list(kind.titles.values())


def test_a_thing_of_no_known_kind_needs_only_features_and_delivery() -> None:
    listing, product = listed(CARDIGAN, category="기타 > 잡동사니")
    product.name = listing.title = "만능 보관함 열쇠"
    improved(listing, product)
    assert titles(listing) == ["상품 특징", "배송·교환 안내"]


def test_what_the_merchant_wrote_stays_as_it_is_and_where_it_is() -> None:
    mine = [
        merchants("소재와 세탁 방법", "울 소재라 드라이클리닝을 권해요."),
        merchants("우리 이야기", "셋이서 만들어요."),
        merchants("배송 안내", "내일 보내요."),
    ]
    listing, product = listed(CARDIGAN, mine)
    improved(listing, product)
    assert [section for section in listing.detail if section["by"] == "merchant"] == mine
    assert titles(listing) == ["상품 특징", "소재와 세탁 방법", "우리 이야기", "사이즈", "배송 안내"]


def test_an_empty_heading_is_filled_in_its_place() -> None:
    listing, product = listed(CARDIGAN, [merchants("사이즈", " "), merchants("우리 이야기", "셋이서 만들어요.")])
    improved(listing, product)
    assert titles(listing).count("사이즈") == 1
    assert titles(listing).index("사이즈") < titles(listing).index("우리 이야기")


def test_a_section_of_pros_follows_its_facts_and_an_edited_one_is_the_merchants() -> None:
    listing, product = listed(CARDIGAN)
    improved(listing, product)
    product.attributes = {**CARDIGAN, "소재": "울 70%"}
    (found,) = improved(listing, product)
    assert (found.code, found.evidence["section"]) == ("section_outdated", "material")
    assert listing.detail[1]["lines"] == ["소재: 울 70%"]
    edited = [
        {**section, "lines": ["정말 포근해요."]} if section["key"] == "material" else section
        for section in listing.detail
    ]
    listing.detail = edited
    product.attributes = CARDIGAN
    assert improved(listing, product) == []
    assert listing.detail == edited


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=24)
VALUE = st.one_of(TEXT, st.lists(TEXT, max_size=4), st.none(), st.integers(0, 99))
KEYS = sorted({key for section in layout().sections.values() for key in section.facts} | {"기타", "바코드"})
PAGE = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from([None, "size", "x"]), "title": st.one_of(TEXT, st.sampled_from(["소재", "배송", "사이즈와 세탁"])),
                           "lines": st.lists(TEXT, max_size=2), "by": st.sampled_from(["merchant", "pro"])}),
    max_size=5,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=6), st.dictionaries(TEXT, VALUE, max_size=3), PAGE,
    st.sampled_from(["여성의류 > 가디건", "식품 > 과일", "화장품/미용 > 토너", "기타"]),
)  # fmt: skip
def test_whatever_the_page_holds_nothing_written_is_lost_nothing_is_made_up_and_it_is_final(
    attributes: dict[str, Any], terms: dict[str, Any], page: list[dict[str, Any]], category: str
) -> None:
    listing, product = listed(attributes, page, category)
    improved(listing, product, terms)
    written = [section for section in page if any(line.strip() for line in section["lines"])]
    assert [section for section in listing.detail if section in written] == written
    known = "".join(re.sub(r"\s", "", str(part)) for part in _said({"울 가디건": "오늘담", **attributes, **terms}))
    for section in listing.detail:
        if section not in page:
            numbers = {number for line in section["lines"] for number in re.findall(r"\d+", line)}
            counted = {
                str(n) for value in attributes.values() if isinstance(value, list) for n in range(len(value) + 1)
            }
            assert all(number in known or number in counted for number in numbers)
            assert all("\n" not in line and line == line.strip() != "" for line in section["lines"])
    assert not [better for better in improved(listing, product, terms) if better.writes]


def _said(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for pair in value.items() for one in pair for part in _said(one)]
    return [part for one in value for part in _said(one)] if isinstance(value, list) else [value]


def test_every_section_has_a_template() -> None:
    assert {path.stem for path in PAGES.glob("*.j2")} == set(layout().order)


@pytest.fixture
def due(session: Session, shop: Shop) -> tuple[str, str]:
    shop.delivery_terms = TERMS
    product = make_product(session, shop, "P00001", "울 가디건", attributes=CARDIGAN)
    listing = make_listing(session, product, Market.SMARTSTORE, detail=[merchants("배송 안내", "내일 보내요.")])
    make_listing(session, product, Market.COUPANG)
    run = add_run(session, shop, "smartstore_detail", Market.SMARTSTORE, scheduled_for=clock.now())
    session.commit()
    return run.id, listing.id


def page_of(listing_id: str) -> list[dict[str, Any]]:
    with unit_of_work(write=False) as session:
        return session.get_one(Listing, listing_id).detail


def test_a_run_writes_the_page_and_undo_restores_it_for_good(due: tuple[str, str], owner: Actor, shop: Shop) -> None:
    run_id, listing_id = due
    before = page_of(listing_id)
    assert execute(run_id, "w") is RunState.DONE
    assert [section["title"] for section in page_of(listing_id)] == [
        "상품 특징",
        "소재",
        "사이즈",
        "세탁·보관법",
        "배송 안내",
    ]
    with unit_of_work(write=False) as session:
        run = session.get_one(Run, run_id)
        assert run.rule == {
            "code": "sections_from_attributes",
            "market": "smartstore",
            "sections": 4,
            "products": 1,
            "left": 0,
        }
        assert [finding["evidence"]["section"] for finding in run.findings] == ["features", "material", "size", "care"]
    with unit_of_work() as session:
        undo = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
        plans.confirm(session, owner, undo.id, "key")
    assert page_of(listing_id) == before
    with unit_of_work(write=False) as session:
        again = OPERATION.diagnose(session, session.get_one(Shop, shop.id), Market.SMARTSTORE, NOW, OPERATION.config)
    assert again == []


def test_the_work_status_shows_a_page_by_its_headings(
    due: tuple[str, str], session: Session, client: Any, owner: Actor
) -> None:
    execute(due[0], "w")
    session.rollback()
    (change,) = client(owner).get(f"/api/operations/runs/{due[0]}").json()["changes"]
    assert (change["before_shown"], change["after_shown"]) == (
        "배송 안내",
        "상품 특징, 소재, 사이즈, 세탁·보관법, 배송 안내",
    )


def test_a_run_changes_at_most_its_limit_of_pages(session: Session, shop: Shop) -> None:
    for number in range(1, 5):
        make_listing(
            session,
            make_product(session, shop, f"P0000{number}", f"울 가디건 {number}", attributes=CARDIGAN),
            Market.SMARTSTORE,
        )
    config = OPERATION.config.model_copy(update={"per_run_limit": 3})
    findings = OPERATION.diagnose(session, shop, Market.SMARTSTORE, NOW, config)
    planned = OPERATION.plan(session, shop, Market.SMARTSTORE, findings, NOW, config)
    assert planned == OPERATION.plan(session, shop, Market.SMARTSTORE, findings, NOW, config)
    assert len(planned.changes) == 3
    assert (planned.rule["products"], planned.rule["left"]) == (3, 1)
