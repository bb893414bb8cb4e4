"""An answer to a claim whose sender dies: the market carries it out once, and we know that it did."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState
from backend.markets.send import LEASE
from backend.shops.models import Shop
from tests.backend.markets.conftest import LINKED, Sandbox
from tests.backend.markets.rounds import Killed, command, dies_at, later, say, sent, ship
from tests.backend.markets.wire import LINES

#: kind of claim, what was answered before, what is said now
ANSWERS = [
    ("cancel", [], "approve"), ("cancel", [], "reject"),
    ("return", [], "approve"), ("return", [], "reject"), ("return", ["approve"], "collected"),
    ("return", ["approve", "collected"], "finish"), ("return", ["approve"], "withdraw"),
    ("exchange", [], "approve"), ("exchange", [], "reject"), ("exchange", ["approve"], "collected"),
    ("exchange", ["approve", "collected"], "exchange_sent"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    session.commit()


def claimed(sandbox: Sandbox, market: Market, seed: int, kind: str) -> dict[str, str]:
    [number] = sandbox.orders(market, seed=seed, lines=LINES[:1])
    if kind != "cancel":
        ship(sandbox, market, number, f"12345678{seed:04}")
        assert sent() == {"sent": 1}
    sandbox.step(market, number, "claim", kind=kind)
    line = sandbox.order(market, number)["lines"][0]
    return {"market_order_no": number, "market_line_no": line["line_no"], "claim_no": line["claim"]["no"], "kind": kind}


def answer(market: Market, names: dict[str, str], action: str) -> str:
    parcel = {"courier": "cj", "tracking_no": "999912345678"} if action == "exchange_sent" else {}
    subject = f"clm_{names['claim_no']}"
    return say(
        market, CommandKind.CLAIM, subject, {**names, **parcel, "action": action, "quantity": 1, "reason": None},
        f"plan_{action}:claim:{subject}",
    )  # fmt: skip


def carried_out(sandbox: Sandbox, names: dict[str, str]) -> Counter[str]:
    done = sandbox.effects("claim")
    return Counter(one["detail"]["to"] for one in done if one["detail"]["no"] == names["claim_no"])


@pytest.mark.parametrize("market", LINKED)
@pytest.mark.parametrize(("kind", "before", "action"), ANSWERS)
def test_a_sender_killed_anywhere_ends_as_if_it_had_lived(
    market: Market, kind: str, before: list[str], action: str, sandbox: Sandbox
) -> None:
    ends = []
    for seed, step in enumerate((None, "claimed", "told", "settled"), 1):
        names = claimed(sandbox, market, seed, kind)
        for earlier in before:
            answer(market, names, earlier)
            sent()
        told = answer(market, names, action)
        if step is None:
            sent()
        else:
            with pytest.raises(Killed):
                sent(dies_at(step))
            assert sent() == {}  # its lease still holds, or it is done
        with later(sandbox, LEASE + timedelta(seconds=1)):
            sent()
        row = command(told)
        ends.append((row.state, row.error, carried_out(sandbox, names)))
    assert all(end == ends[0] for end in ends), ends
    assert ends[0][0] in (CommandState.SENT, CommandState.FAILED)
    if ends[0][0] is CommandState.SENT:
        assert set(ends[0][2].values()) == {1}
