"""What waits can be stopped and let go again; what went stays gone."""

import pytest

from backend.customers.models import CustomerMessage
from backend.customers.outbox import send_due
from backend.customers.states import MessageState
from backend.errors import Forbidden, NothingToChange, UndoConflict
from backend.kit.wording import wording
from backend.plans import service
from tests.backend.customers.people import add_message

S = MessageState


@pytest.fixture
def messages(session, shop) -> list[CustomerMessage]:
    made = [
        add_message(session, shop, 1), add_message(session, shop, 2, audience="win_back"),
        add_message(session, shop, 3, state=S.SENT), add_message(session, shop, 4, state=S.SENDING),
    ]  # fmt: skip
    session.commit()
    return made


def stop(session, actor, **params):
    plan = service.preview(session, actor, "customer_messages.stop", params)
    return service.confirm(session, actor, plan.id, "k")


def states(session, messages) -> list[MessageState]:
    for message in messages:
        session.refresh(message)
    return [message.state for message in messages]


def test_only_what_waits_is_withdrawn_and_nothing_of_another_shop(session, owner, messages) -> None:
    plan = stop(session, owner)
    assert states(session, messages) == [S.WITHDRAWN, S.WITHDRAWN, S.SENT, S.SENDING]
    assert {e["code"]: e["data"].get("count") for e in plan.effects} == {
        "crm_withdrawn": 2, "crm_already_sent": 1, "crm_undo_in_time": None, "crm_goes_on": None,
    }  # fmt: skip
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)


def test_one_audience_leaves_the_others_waiting(session, owner, messages) -> None:
    stop(session, owner, audience="win_back")
    assert states(session, messages)[:2] == [S.QUEUED, S.WITHDRAWN]


def test_the_undo_lets_them_wait_again(session, owner, messages) -> None:
    plan = stop(session, owner)
    undo = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    service.confirm(session, owner, undo.id, "u")
    assert states(session, messages)[:2] == [S.QUEUED, S.QUEUED]


def test_an_undo_of_what_moved_since_is_refused(session, owner, messages) -> None:
    plan = stop(session, owner)
    messages[0].state = S.QUEUED
    session.commit()
    with pytest.raises(UndoConflict):
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})


def test_nothing_that_waits_is_nothing_to_stop(session, stranger, messages) -> None:
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, stranger, "customer_messages.stop", {})
    assert refused.value.error_code == "no_messages_waiting"


def test_the_agent_may_not_stop_them(session, agent, messages) -> None:
    with pytest.raises(Forbidden):
        service.preview(session, agent, "customer_messages.stop", {})


def test_a_message_sent_meanwhile_makes_the_preview_stale(session, owner, messages) -> None:
    plan = service.preview(session, owner, "customer_messages.stop", {})
    messages[0].state = S.SENT
    session.flush()
    assert service.confirm(session, owner, plan.id, "k").state == "stale"
    assert messages[1].state is S.QUEUED


def test_a_withdrawn_message_is_not_sent(session, owner, shop, messages) -> None:
    shop.sender_number, shop.sender_number_verified_at = "0212345678", shop.created_at
    stop(session, owner)
    session.commit()
    send_due()
    assert states(session, messages)[:2] == [S.WITHDRAWN, S.WITHDRAWN]
