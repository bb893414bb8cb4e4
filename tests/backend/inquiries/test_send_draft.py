"""The merchant sends the draft or own words; then it is final."""

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.errors import Forbidden, InvalidInput, NothingToChange, OpsTalkError
from backend.inquiries.models import Inquiry
from backend.inquiries.states import TRANSITIONS, InquiryState, Topic
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.plans import service
from tests.backend.inquiries.asking import ask
from tests.backend.operations.conftest import add_product

S = InquiryState


@pytest.fixture
def drafted(session, shop) -> Inquiry:
    product = add_product(session, shop, 1)
    made = ask(
        session,
        shop,
        "재고 있나요",
        product_id=product.id,
        market=Market.SMARTSTORE,
        topic=Topic.STOCK,
        state=S.DRAFTED,
        draft="네, 있어요.",
    )
    session.commit()
    return made


def preview(session, actor, inquiry_id: str = "inq_oneul_1", **params):
    return service.preview(session, actor, "inquiry.send_draft", {"inquiry_id": inquiry_id, **params})


def test_the_draft_is_sent_as_it_is_with_who_and_when(session, sub_operator, drafted) -> None:
    plan = preview(session, sub_operator)
    assert [e["code"] for e in plan.effects] == ["inquiry_answer", "inquiry_answer_final"]
    assert plan.effects[0]["data"]["answer"] == "네, 있어요." and not plan.effects[0]["data"]["own_words"]
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    service.confirm(session, sub_operator, plan.id, "k")
    service.confirm(session, sub_operator, plan.id, "k")
    assert (drafted.state, drafted.answer, drafted.draft) == (S.ANSWERED, "네, 있어요.", "네, 있어요.")
    assert (drafted.answered_by, drafted.answered_at) == (sub_operator.name, clock.now())
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id)).all()) == 4


def test_own_words_replace_the_draft_and_keep_it_for_the_record(session, owner, drafted) -> None:
    plan = preview(session, owner, text="  오늘 오후에 확인해 드릴게요. ")
    service.confirm(session, owner, plan.id, "k")
    assert (drafted.answer, drafted.draft) == ("오늘 오후에 확인해 드릴게요.", "네, 있어요.")


def test_an_answer_cannot_be_undone(session, owner, drafted) -> None:
    plan = preview(session, owner)
    service.confirm(session, owner, plan.id, "k")
    assert not plan.undoable
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    assert refused.value.error_code == "cannot_be_undone"


def test_a_draft_that_was_taken_back_meanwhile_is_not_sent(session, owner, drafted) -> None:
    plan = preview(session, owner)
    drafted.state, drafted.draft = S.OPEN, None
    session.flush()
    with pytest.raises(InvalidInput):
        service.confirm(session, owner, plan.id, "k")
    assert drafted.answer is None


def refusal(session, actor, **params) -> str:
    with pytest.raises(OpsTalkError) as refused:
        preview(session, actor, **params)
    if not isinstance(refused.value, Forbidden) and refused.value.error_code != "invalid_input":
        assert wording().say(f"problem.{refused.value.error_code}", data=refused.value.data)
    return refused.value.error_code


def test_what_cannot_be_sent_says_why(session, shop, owner, stranger, agent, drafted) -> None:
    ask(session, shop, "환불해 주세요", 2)
    assert refusal(session, owner, inquiry_id="inq_none") == "inquiry_not_found"
    assert refusal(session, stranger) == "inquiry_not_found"
    assert refusal(session, agent) == "forbidden"
    assert refusal(session, owner, inquiry_id="inq_oneul_2") == "inquiry_has_no_draft"
    assert refusal(session, owner, text=" ") == "invalid_input"
    assert refusal(session, owner, text="가" * 2_001) == "invalid_input"
    service.confirm(session, owner, preview(session, owner).id, "k")
    assert refusal(session, owner) == "inquiry_answered"


def test_an_inquiry_without_a_draft_can_be_answered_in_own_words(session, shop, owner, drafted) -> None:
    asked = ask(session, shop, "환불해 주세요", 2)
    service.confirm(session, owner, preview(session, owner, inquiry_id=asked.id, text="바로 도와드릴게요.").id, "k")
    assert (asked.state, asked.answer) == (S.ANSWERED, "바로 도와드릴게요.")


def test_the_list_holds_own_inquiries_by_state(session, shop, owner, stranger, client, drafted) -> None:
    ask(session, shop, "환불해 주세요", 2)
    session.commit()
    me = client(owner)
    page = me.get("/api/inquiries").json()
    assert (page["total"], page["counts"]) == (2, {"drafted": 1, "open": 1})
    waiting = me.get("/api/inquiries?state=drafted").json()
    assert [(i["id"], i["product"], i["draft"]) for i in waiting["items"]] == [("inq_oneul_1", "상품 1", "네, 있어요.")]
    told = {"counts": waiting["counts"], "by": [], "market": None}
    assert wording().say("inquiries.intro", waiting=waiting["items"], **told)
    assert wording().say("inquiries.intro", waiting=[], **told)
    assert client(stranger).get("/api/inquiries").json()["items"] == []


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_every_pair_of_states_is_decided(session, drafted, before, after) -> None:
    from backend.access.actor import pro_actor
    from backend.audit.record import Source
    from backend.changes.apply import apply
    from backend.changes.change import Change
    from backend.errors import IllegalMove

    drafted.state = before
    session.flush()
    change = [Change("inquiry", drafted.id, "state", before.value, after.value)]
    if after in TRANSITIONS[before]:
        apply(session, pro_actor(drafted.shop_id), "x", Source("direct", "x"), change)
        assert drafted.state is after
    else:
        with pytest.raises(IllegalMove):
            apply(session, pro_actor(drafted.shop_id), "x", Source("direct", "x"), change)
