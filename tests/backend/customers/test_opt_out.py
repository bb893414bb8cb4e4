"""The link in every advertising message ends advertising, for that person, and only when its button is pressed."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.customers import outbox
from backend.customers.models import Customer, CustomerMessage, MessageKind
from backend.customers.opt_out_link import customer_of, link_of, token_of
from backend.customers.states import MessageState
from tests.backend.customers.people import add_customer, add_message


def anew(session) -> None:
    """Sees what the application wrote meanwhile."""
    session.rollback()
    session.expire_all()


def test_opening_the_link_changes_nothing_and_the_button_ends_it(session, shop, client) -> None:
    message = add_message(session, shop, kind=MessageKind.ADVERTISING)
    session.commit()
    path = f"/opt-out/{token_of(message.customer_id)}"
    page = client(None).get(path)
    assert page.status_code == 200 and "<form" in page.text and "오늘담" in page.text
    anew(session)
    assert session.get_one(Customer, message.customer_id).sms_consent
    done = client(None).post(path)
    assert done.status_code == 200 and "<form" not in done.text
    anew(session)
    customer = session.get_one(Customer, message.customer_id)
    assert (customer.sms_consent, customer.email_consent) == (False, False)
    assert client(None).post(path).status_code == 200
    events = session.scalars(select(AuditEvent).where(AuditEvent.target_type == "customer")).all()
    assert [(e.field, e.before, e.after) for e in events] == [
        ("sms_consent", True, False),
        ("email_consent", True, False),
    ]
    session.rollback()
    outbox.send_due()
    anew(session)
    assert session.get_one(CustomerMessage, message.id).state is MessageState.SKIPPED


def test_nobody_opts_somebody_else_out(session, shop, client) -> None:
    one, other = add_customer(session, shop, "김*가"), add_customer(session, shop, "이*나")
    session.commit()
    forged = token_of(one.id).replace(one.id, other.id)
    for token in (forged, other.id, f"{other.id}.", "x", f"{other.id}.가나다"):
        assert customer_of(token) is None
        assert client(None).post(f"/opt-out/{token}").status_code == 404
    anew(session)
    assert session.get_one(Customer, other.id).sms_consent
    assert link_of(one.id).endswith(f"/opt-out/{token_of(one.id)}") and customer_of(token_of(one.id)) == one.id


def test_pressed_several_times_at_once_it_is_done_once_and_every_press_is_thanked(session, shop, client) -> None:
    customer = add_customer(session, shop, "김*가")
    session.commit()
    browser, path = client(None), f"/opt-out/{token_of(customer.id)}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: browser.post(path).status_code, range(4)))
    assert answers == [200] * 4
    anew(session)
    written = session.scalars(select(AuditEvent.field).where(AuditEvent.target_id == customer.id))
    assert sorted(written) == ["email_consent", "sms_consent"]
