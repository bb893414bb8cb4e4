"""What cancelling, taking back and exchanging have in common: which order, which line, how many, why; then preview and yes."""

from abc import abstractmethod
from typing import Any, ClassVar

from actions.after_done import AFTER
from actions.asking import ask
from actions.base import TurnAction
from actions.claims_steps import goes_on_with_claim, offer_steps
from actions.client.errors import BackendError
from actions.counts_said import part_said
from actions.orders_asked import first_order
from actions.orders_cards import WAITING
from actions.orders_corrected import corrected_order, corrects
from actions.orders_item_said import KIND as ITEM
from actions.orders_lines import COUNT, WHOLE, ask_line, lines_meant
from actions.plans import propose
from actions.reasons_said import reason_after_word, reason_said
from actions.turn import Json, Turn

REASON = "text"
OPEN_LINE = frozenset({"awaiting_payment", "unallocated", "partly_allocated", "allocated"})
SENT_LINE = frozenset({"shipped", "delivered"})
CANCELLABLE = frozenset({"awaiting_payment", *WAITING})
#: which lines a wish can be about, by the wish
FITTING = {"order_cancel": OPEN_LINE | SENT_LINE, "order_return": SENT_LINE, "order_exchange": OPEN_LINE | SENT_LINE}
REASONS = {
    "order_cancel": ("buyer", "sold_out", "twice", "unpaid"), "order_return": ("mind", "defect", "wrong", "late"),
    "order_exchange": ("size", "defect", "wrong", "colour"),
}  # fmt: skip
KEPT = ("order_id", "line_id", "quantity", "reason", "item_id", "then", "whole")


class ClaimWish(TurnAction):
    """The common way: order → line → how many → why → preview."""

    kind: ClassVar[str]
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        assert self.wish is not None
        if await goes_on_with_claim(turn, self.wish):
            return
        values: Json = {k: v for k, v in turn.given.items() if k in KEPT}
        typed = not turn.is_payload and not turn.given
        if typed and "reason" not in values and (reason := reason_said(turn.text)):
            values["reason"] = reason
        order = await first_order(turn, self.wish, values, fits=self._fits)
        if order is None:
            return
        values["order_id"] = order["id"]
        turn.look_at(order_id=order["id"])
        lines = [line for line in order["lines"] if line["fulfilment"] in FITTING[self.wish] and not line["is_gift"]]
        if not lines:
            await self._nothing_fits(turn, values, order)
            return
        line = await self._line(turn, values, order, lines, typed=typed)
        if line is None and not values.get("whole"):
            return
        if typed and line is not None:
            await self._hear(turn, values, line)
        if line is not None and not self._counted(turn, values, line, typed=typed):
            return
        if not await self._more(turn, values, line):
            return
        if "reason" not in values:
            self._ask_reason(turn, values, order)
            return
        await self._propose(turn, values, order, line)

    @abstractmethod
    def _fits(self, order: Json) -> bool:
        """Of several orders that are named alike, whether this one can be meant."""

    async def _line(self, turn: Turn, values: Json, order: Json, lines: list[Json], *, typed: bool) -> Json | None:
        """The line; for a cancellation the whole order counts as said. Asks and returns None otherwise."""
        chosen = await lines_meant(turn, values, lines)
        if len(chosen) == 1:
            values["line_id"] = chosen[0]["id"]
            return chosen[0]
        if len(lines) == 1:
            values["line_id"] = lines[0]["id"]
            return lines[0]
        counted = typed and part_said(turn.text) is not None
        if self.wish == "order_cancel" and (values.get("whole") or (not chosen and not counted)):
            values["whole"] = True
            return None
        if typed and WHOLE.search(turn.text) and not chosen:
            first, *rest = lines
            values["line_id"] = first["id"]
            values["then"] = [
                {"order_id": order["id"], "line_id": line["id"], "reason": values.get("reason")} for line in rest
            ]
            return first
        if typed and counted:
            values["quantity"] = part_said(turn.text)
        assert self.wish is not None
        ask_line(turn, self.wish, values, chosen or lines, question=f"orders.ask_line_{self.kind}")
        return None

    def _counted(self, turn: Turn, values: Json, line: Json, *, typed: bool) -> bool:
        """How many pieces; asks where the line has several and none were said. A cancellation without a number is of all."""
        most = line["quantity"] - line["cancelled"]
        said = part_said(turn.text) if typed else None
        if said is not None:
            values["quantity"] = said
        if "quantity" in values or most == 1:
            return True
        if self.wish == "order_cancel" or (typed and WHOLE.search(turn.text)):
            return True
        assert self.wish is not None
        choices = [{"value": str(n), "title": turn.words("orders.pieces", n=n)} for n in sorted({1, most})]
        ask(
            turn,
            self.wish,
            values,
            "quantity",
            kind=COUNT,
            choices=choices,
            question=f"orders.ask_count_{self.kind}",
            line=line,
            most=most,
        )
        return False

    async def _hear(self, turn: Turn, values: Json, line: Json) -> None:
        """What the sentence says beside, before anything is asked."""

    async def _more(self, turn: Turn, values: Json, line: Json | None) -> bool:
        """What else the kind needs; False when it was asked for."""
        return True

    def _ask_reason(self, turn: Turn, values: Json, order: Json) -> None:
        assert self.wish is not None
        titles = [turn.words(f"orders.reason_{key}") for key in REASONS[self.wish]]
        choices = [{"value": title, "title": title} for title in titles]
        ask(
            turn,
            self.wish,
            values,
            "reason",
            kind=REASON,
            choices=choices,
            optional=True,
            question=f"orders.ask_reason_{self.kind}",
            max_length=200,
            order_no=order["order_no"],
        )

    def _params(self, values: Json, order: Json, line: Json | None) -> Json:
        params: Json = (
            {"line_id": line["id"], "quantity": values.get("quantity")} if line else {"order_id": order["id"]}
        )
        return {**params, "reason": _text(values.get("reason"))}

    async def _propose(self, turn: Turn, values: Json, order: Json, line: Json | None) -> None:
        assert self.wish is not None
        try:
            await propose(
                turn, self.wish, values, f"order.{self.kind}", self._params(values, order, line), order_id=order["id"]
            )
        except BackendError as error:
            await self._refused(turn, error, values, order, line)

    async def _refused(self, turn: Turn, error: BackendError, values: Json, order: Json, line: Json | None) -> None:
        assert self.wish is not None
        turn.problem(error)
        turn.look_at(order_id=order["id"])
        if error.code == "claim_quantity" and line is not None:
            kept = {k: v for k, v in values.items() if k != "quantity"}
            most = int(error.data.get("most") or 1)
            choices = [{"value": str(n), "title": turn.words("orders.pieces", n=n)} for n in sorted({1, most})]
            ask(
                turn,
                self.wish,
                kept,
                "quantity",
                kind=COUNT,
                choices=choices,
                question=f"orders.ask_count_{self.kind}",
                line=line,
                most=most,
            )
            return
        if error.code == "claim_waits":
            await offer_steps(turn, str(error.data["claim_id"]))
            return
        if error.code == "exchange_same_item" and line is not None:
            kept = {k: v for k, v in values.items() if k != "item_id"}
            ask(
                turn,
                self.wish,
                kept,
                "item_id",
                kind=ITEM,
                question="orders.ask_exchange_item",
                called=line["name"],
                several=False,
            )
            return
        if error.code == "forbidden":
            return
        turn.offer(turn.link_button("order_detail", "order_search", order_id=order["id"]))

    async def _nothing_fits(self, turn: Turn, values: Json, order: Json) -> None:
        """Said by the backend itself, so that the words are those of the rule; where only another wish fits, it is offered."""
        if self.wish in ("order_return", "order_exchange") and order["state"] in CANCELLABLE:
            turn.say("orders.not_sent_yet", order=order)
            turn.offer(
                turn.link_button("order_cancel", "order_cancel", order_id=order["id"]),
                turn.link_button("order_hold", "order_hold", order_id=order["id"]),
            )
            return
        line = order["lines"][0] if order["lines"] else None
        await self._propose(turn, values, order, line)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "사유는 단순변심", "아니 2개로", "다른 주문이요"."""
        if not corrects(turn, self.wish or "") or not values.get("order_id"):
            return None
        reason = reason_after_word(turn.text)
        if reason and reason != values.get("reason") and (preview or "reason" in values):
            return {"label": turn.words("orders.reason_label"), "shown": reason, "values": {**values, "reason": reason}}
        count = part_said(turn.text)
        same = turn.intent == self.wish and (turn.all_of("order_no") or turn.entity("ordinal"))
        if (
            count is not None
            and not same
            and values.get("line_id")
            and count != values.get("quantity")
            and (preview or "quantity" in values)
        ):
            return {
                "label": turn.words("orders.count_label"),
                "shown": turn.words("orders.pieces", n=count),
                "values": {**values, "quantity": count},
            }
        if turn.intent == self.wish:
            return None
        return await corrected_order(turn, values)


def _text(reason: Any) -> str | None:
    return str(reason)[:200] if reason else None


async def _after_filed(turn: Turn, plan: Json, context: Json) -> None:
    """What the claim waits for next."""
    ids = plan["result"].get("claims") or []
    if ids:
        turn.look_at(order_id=context.get("order_id"), claim_id=ids[0])
        await offer_steps(turn, str(ids[0]), silent=True)
    elif context.get("order_id"):
        turn.offer(turn.link_button("order_detail", "order_search", order_id=context["order_id"]))


for _kind in ("order.cancel", "order.return", "order.exchange"):
    AFTER[_kind] = _after_filed
