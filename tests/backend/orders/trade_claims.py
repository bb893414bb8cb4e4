"""The same machine where goods are labelled, sent and brought as people do it, and come back by claims of both sides."""

from collections.abc import Collection
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from backend.claims.models import Claim
from backend.claims.take_in import take_in_claims
from backend.kit import clock
from backend.markets.codes import Market
from backend.orders.collected import CollectedClaim
from backend.orders.models import Shipment
from backend.orders.states import GONE, LIVE, OPEN, ClaimKind, ClaimState, Fulfilment, ShipmentState
from tests.backend.orders.build import no
from tests.backend.orders.trade import NUMBER, SOME, Trade

PIECES = st.integers(1, 3) | st.none()


class TradeWithClaims(Trade):
    """A refusal by name is fine; whatever is carried out keeps the books."""

    def _parcel(self, which: int, *states: ShipmentState) -> str:
        """One in these states, or any if there is none: then it is refused."""
        own = select(Shipment.id).where(Shipment.shop_id == self.shop.id).order_by(Shipment.id)
        ids = list(self.session.scalars(own.where(Shipment.state.in_(states))) or self.session.scalars(own))
        return ids[which % len(ids)] if ids else "none"

    def _line(self, which: int, states: Collection[Fulfilment]) -> str:
        lines = self._lines()
        lines = [one for one in lines if one.fulfilment in states] or lines
        return lines[which % len(lines)].id if lines else "none"

    @rule(which=SOME)
    def label(self, which: int) -> None:
        invoice = {"shipment_id": self._parcel(which, *LIVE), "courier": "cj", "tracking_no": f"612345678{which:03}"}
        self._wish("invoice.register", items=[invoice])

    @rule()
    def all_leave(self) -> None:
        self._wish("shipment.ship", all_labelled=True)

    @rule(which=SOME)
    def arrive(self, which: int) -> None:
        self._wish("shipment.deliver", shipment_ids=[self._parcel(which, ShipmentState.SHIPPED)])

    @rule(number=NUMBER)
    def cancel_order(self, number: int) -> None:
        self._wish("order.cancel", order_id=no(number))

    @rule(which=SOME, pieces=PIECES, kind=st.sampled_from(["order.cancel", "order.return", "order.exchange"]))
    def claim(self, which: int, pieces: int | None, kind: str) -> None:
        more = {"item_id": self.items[which % 2].id} if kind == "order.exchange" else {}
        self._wish(kind, line_id=self._line(which, OPEN if kind == "order.cancel" else GONE), quantity=pieces, **more)

    @rule(
        which=SOME,
        step=st.sampled_from(["accept", "reject", "withdraw", "collect", "inspect", "finish"]),
        good=st.integers(0, 3),
    )
    def answer(self, which: int, step: str, good: int) -> None:
        claims = list(self.session.scalars(select(Claim).where(Claim.shop_id == self.shop.id).order_by(Claim.id)))
        if not claims:
            return
        claim = claims[which % len(claims)]
        sold = min(good, claim.quantity)
        outcomes = {"outcomes": {"restock": sold, "defective": claim.quantity - sold}} if step == "inspect" else {}
        self._wish(f"claim.{step}", claim_id=claim.id, **outcomes)

    @rule(
        number=NUMBER,
        line=st.sampled_from("ab"),
        kind=st.sampled_from(list(ClaimKind)),
        state=st.sampled_from(list(ClaimState)),
        quantity=st.integers(1, 3),
        timed=st.booleans(),
    )
    def the_market_claims(
        self, number: int, line: str, kind: ClaimKind, state: ClaimState, quantity: int, timed: bool
    ) -> None:
        self.ticks += 1
        now = clock.now() + timedelta(seconds=self.ticks)
        told = CollectedClaim(
            market=Market.SMARTSTORE, market_order_no=no(number), market_line_no=f"{number}{line}",
            claim_no=f"{number}{line}{kind}", kind=kind, state=state, raw_code=state.value, quantity=quantity,
            requested_at=now, reason=None, changed_at=now if timed else None,
        )  # fmt: skip
        take_in_claims(self.session, self.shop.id, [told])
