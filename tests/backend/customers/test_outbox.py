"""Each message leaves once, or says why not; whatever dies in between, nobody hears it twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from backend.customers import outbox
from backend.customers.credit import TOP_UP, balances
from backend.customers.gateway import GatewayDown, Receipt, SandboxGateway, default_gateway
from backend.customers.models import AddonCredit, Channel, CreditKind, Customer, CustomerMessage, MessageKind
from backend.customers.moves import claim, move
from backend.customers.states import TRANSITIONS, MessageState
from backend.errors import IllegalMove
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.wording import wording
from backend.operations.customer_messages import send_customer_messages
from backend.settings import get_settings
from backend.shops.models import ProState
from tests.backend.customers.people import add_message
from tests.backend.operations.conftest import switch_off

S = MessageState


class Fake:
    """Answers with what it is told to, and counts how often it was asked."""

    def __init__(self, answer: Receipt | Exception) -> None:
        self.answer, self.asked = answer, 0

    def send(self, message):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def give_credit(session, shop, amount: int = 10) -> None:
    session.add(
        AddonCredit(id=new_id("crd"), shop_id=shop.id, kind=CreditKind.SMS, delta=amount, reason=TOP_UP, at=clock.now())
    )


def state(session, number: int = 1) -> tuple[MessageState, str | None]:
    session.expire_all()
    message = session.get_one(CustomerMessage, f"msg_{number}")
    return message.state, message.reason


def send(session, gateway=None, **given):
    session.commit()
    done = outbox.send_due(gateway, **given)
    session.expire_all()
    return dict(done)


def test_a_due_message_is_recorded_by_the_sandbox_and_uses_its_credit(session, shop) -> None:
    give_credit(session, shop)
    add_message(session, shop, credits=3)
    add_message(session, shop, 2, send_at=clock.now() + timedelta(minutes=1))
    assert balances(session, shop.id)[CreditKind.SMS].balance == 6
    assert send(session) == {"sent": 1}
    (delivered,) = default_gateway().deliveries()
    assert (delivered.message_id, delivered.sender, delivered.to) == ("msg_1", "0212345678", "010-****-1234")
    sent = session.get_one(CustomerMessage, "msg_1")
    assert (sent.state, sent.sent_at, sent.reference) == (S.SENT, clock.now(), "sandbox-1")
    found = balances(session, shop.id)[CreditKind.SMS]
    assert (found.topped_up, found.used, found.reserved, found.balance) == (10, 3, 1, 6)
    assert send(session) == {} and len(default_gateway().deliveries()) == 1


def test_e_mail_and_alimtalk_go_from_their_own_senders(session, shop) -> None:
    add_message(session, shop, 1, channel=Channel.EMAIL, subject="제목", to="k***@mail.example")
    add_message(session, shop, 2, channel=Channel.ALIMTALK)
    send(session)
    assert [(d.channel, d.sender) for d in default_gateway().deliveries()] == [
        (Channel.EMAIL, "help@oneul.example"), (Channel.ALIMTALK, "@oneul"),
    ]  # fmt: skip


def test_a_worker_that_died_after_handing_over_does_not_send_twice(session, shop) -> None:
    message = add_message(session, shop)
    assert claim(session, [message.id], clock.now())
    session.commit()
    outgoing = outbox.Outgoing(message.id, message.channel, "x", message.customer_id, message.to, None, message.text)
    default_gateway().send(outgoing)  # handed over, and then the power went
    assert send(session) == {}  # the claim still holds
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert send(session) == {"sent": 1}
    assert len(default_gateway().deliveries()) == 1
    assert len(session.scalars(select(AddonCredit).where(AddonCredit.delta < 0)).all()) == 1


def test_a_message_that_cannot_be_settled_holds_up_no_other(session, shop, monkeypatch) -> None:
    for number in (1, 2, 3):
        add_message(session, shop, number)

    class Poisoned:
        """Its answer to the second message cannot be written down."""

        def send(self, message):
            return Receipt("\udc00" if message.message_id == "msg_2" else f"ok {message.message_id}")

    assert send(session, Poisoned()) == {"sent": 2}
    assert [state(session, number)[0] for number in (1, 2, 3)] == [S.SENT, S.SENDING, S.SENT]
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert send(session) == {"sent": 1}
    assert len(session.scalars(select(AddonCredit).where(AddonCredit.delta < 0)).all()) == 3


def test_a_gateway_that_breaks_counts_as_silent(session, shop) -> None:
    add_message(session, shop)
    assert send(session, Fake(ValueError("nonsense"))) == {"queued": 1}


def test_credit_of_messages_settled_together_adds_up(session, shop) -> None:
    give_credit(session, shop, 4)
    for number in (1, 2, 3):
        add_message(session, shop, number, credits=3)
    send(session)
    found = balances(session, shop.id)[CreditKind.SMS]
    assert (found.topped_up, found.used, found.reserved, found.balance) == (9, 9, 0, 0)


def test_only_one_of_two_workers_gets_a_message(session, shop) -> None:
    message = add_message(session, shop)
    assert claim(session, [message.id], clock.now())
    assert not claim(session, [message.id], clock.now())
    session.refresh(message)
    with pytest.raises(IllegalMove):
        move(message, S.WITHDRAWN)


def test_a_silent_gateway_is_asked_three_times_in_all(session, shop) -> None:
    add_message(session, shop)
    silent = Fake(GatewayDown())
    at = clock.now()
    for minutes, expected in ((0, S.QUEUED), (5, S.QUEUED), (10, S.QUEUED), (20, S.FAILED), (60, S.FAILED)):
        with clock.frozen(at + timedelta(minutes=minutes)):
            send(session, silent)
        assert state(session)[0] is expected, minutes
    assert (silent.asked, state(session)[1]) == (3, "gateway_unreachable")
    assert balances(session, shop.id)[CreditKind.SMS].used == 0


def test_a_refused_message_failed_for_the_gateways_reason(session, shop) -> None:
    add_message(session, shop)
    assert send(session, Fake(Receipt(refused="number_blocked"))) == {"failed": 1}
    assert state(session) == (S.FAILED, "number_blocked")


@pytest.mark.parametrize("spoil, reason", [
    (lambda m, c, s: setattr(c, "sms_consent", False), "consent_withdrawn"),
    (lambda m, c, s: setattr(c, "phone", None), "contact_missing"),
    (lambda m, c, s: setattr(s, "sender_number_verified_at", None), "sender_missing"),
    (lambda m, c, s: setattr(m, "valid_until", clock.now()), "too_late"),
])  # fmt: skip
def test_what_changed_since_it_was_queued_skips_it_with_the_reason(session, shop, spoil, reason) -> None:
    message = add_message(session, shop, kind=MessageKind.ADVERTISING)
    spoil(message, session.get_one(Customer, message.customer_id), shop)
    assert send(session) == {"skipped": 1}
    assert state(session) == (S.SKIPPED, reason)
    assert default_gateway().deliveries() == []
    assert wording().name("message_reason", reason) != reason


def test_information_needs_no_consent(session, shop) -> None:
    message = add_message(session, shop)
    session.get_one(Customer, message.customer_id).sms_consent = False
    assert send(session) == {"sent": 1}


def test_advertising_that_is_late_waits_for_the_morning(session, shop) -> None:
    add_message(session, shop, kind=MessageKind.ADVERTISING)
    night = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)  # half past nine in the evening in Seoul
    with clock.frozen(night):
        assert send(session) == {}
    assert session.get_one(CustomerMessage, "msg_1").send_at == datetime(2026, 11, 18, 23, tzinfo=UTC)
    with clock.frozen(datetime(2026, 11, 18, 23, tzinfo=UTC)):
        assert send(session) == {"sent": 1}


def test_a_paused_shop_sends_nothing(session, shop) -> None:
    add_message(session, shop)
    shop.pro_state = ProState.PAUSED
    assert send(session) == {}
    assert state(session)[0] is S.QUEUED


def test_messages_under_an_off_are_held_back(session, shop) -> None:
    add_message(session, shop)
    switch = switch_off(session, shop, area="promotion_crm")
    session.commit()
    assert dict(send_customer_messages()) == {}
    session.delete(switch)
    session.commit()
    assert dict(send_customer_messages()) == {"sent": 1}


def test_pro_adds_the_credit_that_is_missing_when_it_is_used(session, shop) -> None:
    add_message(session, shop, credits=3)
    send(session)
    found = balances(session, shop.id)[CreditKind.SMS]
    assert (found.topped_up, found.used, found.balance) == (3, 3, 0)


def test_the_sandbox_knows_a_message_by_its_id(tmp_path) -> None:
    gateway = SandboxGateway(tmp_path / "s.db")
    one = outbox.Outgoing("m1", Channel.SMS, "a", "c", "b", None, "t")
    assert gateway.send(one) == gateway.send(one) == Receipt("sandbox-1")
    assert SandboxGateway(tmp_path / "s.db").deliveries() == [one]
    with pytest.raises(GatewayDown):
        SandboxGateway(tmp_path / "no folder" / "s.db").send(one)


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_every_pair_of_states_is_decided(session, shop, before, after) -> None:
    message = add_message(session, shop, state=before)
    if after in TRANSITIONS[before]:
        move(message, after)
        session.flush()
        assert message.state is after
    else:
        with pytest.raises(IllegalMove):
            move(message, after)


def test_another_shop_sees_neither_messages_nor_credit(session, shop, owner, stranger, client) -> None:
    give_credit(session, shop)
    add_message(session, shop)
    session.commit()
    mine = client(owner).get("/api/customer-messages").json()
    assert (mine["total"], mine["counts"], mine["items"][0]["customer"]) == (1, {"queued": 1}, "고객1")
    assert client(stranger).get("/api/customer-messages").json()["total"] == 0
    credit = client(owner).get("/api/addon-credit").json()
    assert credit == {
        "sms": {"balance": 9, "topped_up": 10, "used": 0, "reserved": 1, "low": True},
        "email": {"balance": 0, "topped_up": 0, "used": 0, "reserved": 0, "low": False},
    }  # fmt: skip
    assert wording().say("addon_credit.balance", credit=credit)
    assert client(stranger).get("/api/addon-credit").json()["sms"]["topped_up"] == 0
    assert get_settings().var_dir.joinpath("sandbox_messages.db").exists() is False
