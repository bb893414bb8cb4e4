"""Which postcodes are far places: the table, the shop's edits, and the orders that wait."""

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory_settings.catalogue import PostcodeRange, RemoteAreas
from backend.inventory_settings.remote_areas import area_of, disruptions, normalised, reference, remote_area_of
from backend.orders.states import Fulfilment
from tests.backend.inventory_settings.trading import change, effect, line, order, preview, undo

NONE = RemoteAreas()


@pytest.mark.parametrize(("postcode", "area"), [
    ("63000", "제주"), ("63644", "제주"), ("62999", None), ("63645", None), ("40240", "울릉도"), ("40241", None),
    ("23116", "옹진"), ("23117", None), ("23123", None), ("23124", "옹진"), ("23137", None),
    ("58800", "신안"), ("58810", "신안"), ("58811", None), ("58815", None), ("58818", "신안"), ("58825", None),
    ("58826", "신안"), ("58827", None), ("58828", "신안"), ("58866", "신안"), ("58867", None), ("59170", "완도"),
    ("06236", None), ("63 000", "제주"), ("", None), (None, None), ("6300", None), ("630000", None), ("제주", None), ("６３０００", None),
])  # fmt: skip
def test_the_table_knows_its_edges_and_its_gaps(postcode: str | None, area: str | None) -> None:
    assert area_of(NONE, postcode) == area


def test_the_table_is_in_order_and_nothing_stands_twice() -> None:
    areas = reference().areas
    assert list(areas) == sorted(areas, key=lambda area: area.start)
    assert all(first.end < second.start for first, second in pairwise(areas))
    assert reference().version >= 1


def test_only_five_plain_digits_are_a_postcode() -> None:
    assert [normalised(said) for said in ("06236", " 062-36 ", "135-010", "abc", None)] == [
        "06236",
        "06236",
        None,
        None,
        None,
    ]


def test_a_shops_edits_win_over_the_table() -> None:
    edits = RemoteAreas(
        added=(PostcodeRange(start="12345", end="12350", name="우리 섬"), PostcodeRange(start="63010", end="63010")),
        removed=(PostcodeRange(start="63000", end="63100"),),
    )
    assert area_of(edits, "12347") == "우리 섬"
    assert area_of(edits, "63050") is None
    assert area_of(edits, "63010") == "63010"
    assert area_of(edits, "63101") == "제주"


def test_taking_a_range_out_and_adding_it_again_is_the_table(session: Session, owner: Actor) -> None:
    change(session, owner, "remote_areas", remove="63000-63644")
    assert remote_area_of(session, owner.shop_id, "63000") is None
    change(session, owner, "remote_areas", add="63000-63644")
    assert remote_area_of(session, owner.shop_id, "63000") == "제주"


def test_switched_off_nothing_is_marked(session: Session, owner: Actor) -> None:
    change(session, owner, "remote_area_marking", value=False)
    assert remote_area_of(session, owner.shop_id, "63000") is None


def test_waiting_orders_are_marked_again_and_put_back(session: Session, owner: Actor) -> None:
    waits = order(session, owner, postcode="63000", remote_area="제주")
    line(session, waits)
    unpaid = order(session, owner, postcode="40201", remote_area="울릉도", paid_at=None)
    line(session, unpaid, fulfilment=Fulfilment.AWAITING_PAYMENT)
    left = order(session, owner, postcode="63001", remote_area="제주")
    line(session, left, fulfilment=Fulfilment.SHIPPED)
    abroad = order(session, owner, postcode="63001", country="US")
    line(session, abroad)
    assert effect(preview(session, owner, "remote_area_marking", value=False), "setting_remote_marks") == {
        "marked": 0, "unmarked": 2,
    }  # fmt: skip
    done = change(session, owner, "remote_area_marking", value=False)
    assert [o.remote_area for o in (waits, unpaid, left, abroad)] == [None, None, "제주", None]
    undo(session, owner, done)
    assert [o.remote_area for o in (waits, unpaid, left, abroad)] == ["제주", "울릉도", "제주", None]


def test_a_new_range_marks_the_orders_that_wait(session: Session, owner: Actor) -> None:
    waits = order(session, owner, postcode="12347")
    line(session, waits)
    done = change(session, owner, "remote_areas", add="12345-12350 우리 섬")
    assert effect(done, "setting_remote_marks") == {"marked": 1, "unmarked": 0}
    assert waits.remote_area == "우리 섬"
    undo(session, owner, done)
    assert waits.remote_area is None


def test_a_disrupted_region_counts_only_with_cj(session: Session, owner: Actor) -> None:
    change(session, owner, "disruption_regions", add="63000-63644 태풍")
    found = disruptions(session, owner.shop_id).at("63100")
    assert found is not None
    assert found.name == "태풍"
    assert disruptions(session, owner.shop_id).at("06236") is None
    change(session, owner, "linked_couriers", remove="cj")
    assert disruptions(session, owner.shop_id).at("63100") is None
