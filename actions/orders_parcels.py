"""Which parcel orders leave in: several in one (합포), one in several."""

import re
from typing import ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import WISHES, TurnAction
from actions.client.errors import BackendError
from actions.counts_said import part_said, shares_said
from actions.orders_asked import one_order, say_missing
from actions.orders_beside import ASKS, OF_THE_PREVIEW, wish_said
from actions.orders_cards import LISTED, WAITING, open_parcels
from actions.orders_corrected import corrected_order
from actions.orders_lines import ask_line, lines_meant
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.turn import Json, Turn

#: asks which could go together rather than naming two
POSSIBLE = re.compile(
    r"가능한|되는\s*(?:거|것|건|주문)|대상|할\s*수\s*있는|있으면|찾아|골라|같은\s*(?:주소|사람|집|분)|동일|한집|수취인|주소가\s*똑같"
)
APART = re.compile(
    r"합포\S*\s*(?:(?:주문|거|것|건|걸)\S*\s*)?(?:을|를)?\s*(?:풀|해제|취소|떼|나눠|갈라)|합(?:쳐|친|배송)\S*\s*(?:거|것|주문)?\S*\s*(?:다시\s*)?(?:풀|떼|나눠|해제|도로)|도로\s*(?:풀|나눠)"
)
READY_FIRST = re.compile(
    r"(?:있는|되는|준비된|할당된|재고\s*있는|가능한)\s*(?:것|거|품목|상품|물건)?\s*(?:만|부터|먼저)|품절\S*\s*(?:빼|제외|말고)|없는\s*(?:것|거)\S*\s*(?:빼|제외|나중)|입고가?\s*늦는|예약"
)
REFUSED = (
    "merge_forbidden",
    "parcel_held",
    "already_labelled",
    "recipients_differ",
    "already_together",
    "one_parcel_only",
    "nothing_left_behind",
)


async def takes_apart(turn: Turn) -> bool:
    """ "아까 합포한 거 취소해줘", whatever it resembles: the merging just done is undone, one done before is split again."""
    waits = turn.slot("plan") and turn.intent in OF_THE_PREVIEW
    if turn.is_payload or waits or not APART.search(turn.text) or ASKS.search(turn.text) or wish_said(turn):
        return False
    done = turn.slot("last_done") or {}
    if done.get("kind") == "order.merge" and not turn.all_of("order_no"):
        turn.given = {k: done[k] for k in ("source_type", "source_id", "said", "kind")}
        await WISHES["ops_undo"].handle(turn)
        return True
    meant = await orders_meant(turn)
    if not any(order.get("merged") for order in meant.orders) and not turn.all_of("order_no"):
        merged = (await turn.api.orders(flag="merged", handled=True, limit=LISTED))["items"]
        if not merged:
            turn.say("orders.none_merged")
            turn.offer(turn.link_button("orders_mergeable", "order_merge"))
            return True
        turn.given = {"order_ids": [order["id"] for order in merged]}
    await WISHES["order_split"].handle(turn)
    return True


class OrderMerge(TurnAction):
    """ "그 두 건 합포해줘"; without two of them, what could go together."""

    action_name: ClassVar[str] = "action_order_merge"
    wish: ClassVar[str | None] = "order_merge"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if not turn.is_payload and not turn.given and wish_said(turn) == "order_merge_lock":
            await WISHES["order_merge_lock"].handle(turn)
            return
        if not turn.is_payload and not turn.given and APART.search(turn.text):
            await OrderSplit().handle(turn)
            return
        asks = not turn.is_payload and not turn.given and POSSIBLE.search(turn.text) is not None
        meant = await orders_meant(turn, silent=not asks)
        if meant.missing:
            say_missing(turn, meant.missing)
            return
        orders = [order for order in meant.orders if order["state"] in WAITING] or meant.orders
        if len(orders) == 1:
            orders = await self._with_partner(turn, orders[0])
        if len(orders) < 2 or (not meant.every and not turn.given and len(orders) > 2):
            await self._show_possible(turn, orders)
            return
        ids = [order["id"] for order in orders]
        await self._propose(turn, {"order_ids": ids}, {"order_ids": ids}, orders)

    @staticmethod
    async def _with_partner(turn: Turn, order: Json) -> list[Json]:
        """Of "이 주문 합포해줘" the others that go to the same door."""
        for group in await turn.api.mergeable(limit=100):
            if order["order_no"] in group["orders"]:
                return [
                    order,
                    *[
                        {"id": no, "order_no": no, "state": "allocated"}
                        for no in group["orders"]
                        if no != order["order_no"]
                    ],
                ]
        return [order]

    @staticmethod
    async def _show_possible(turn: Turn, named: list[Json]) -> None:
        groups = await turn.api.mergeable(limit=LISTED)
        if len(named) == 1:
            turn.say("orders.merge_alone", order=named[0])
        if not groups:
            turn.say("orders.merge_none")
            turn.offer(turn.link_button("orders_new", "order_search", page=0))
            return
        turn.say("orders.merge_possible", groups=groups)
        turn.add(blocks.cards([
            blocks.card(
                turn.words("orders.merge_title", group=group, number=number),
                [(turn.words("orders.recipient_label"), turn.words("orders.merge_place", group=group))],
                actions=[turn.link_button("merge_these", "order_merge", order_id=group["orders"])],
            )
            for number, group in enumerate(groups, 1)
        ]))  # fmt: skip
        firsts = [group["orders"][0] for group in groups]
        turn.show_list([{"order_id": first} for first in firsts])
        turn.look_at(order_id=firsts[0]) if len(firsts) == 1 else turn.look_at(groups=firsts)

    @staticmethod
    async def _propose(turn: Turn, values: Json, params: Json, orders: list[Json]) -> None:
        try:
            await propose(turn, "order_merge", values, "order.merge", params, order_id=orders[0]["id"])
        except BackendError as error:
            if error.code not in REFUSED:
                raise
            turn.problem(error)
            turn.look_at(orders=[order["id"] for order in orders])
            turn.offer(*(
                blocks.button(turn.words("orders.why_of", order=order), "order_explain", order_id=order["id"]) for order in orders[:3]
            ))  # fmt: skip


class OrderSplit(TurnAction):
    """Some pieces, some lines, or an order that was merged, in a parcel of their own."""

    action_name: ClassVar[str] = "action_order_split"
    wish: ClassVar[str | None] = "order_split"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {k: v for k, v in turn.given.items() if k in ("order_id", "line_id", "quantity", "lines")}
        order = await one_order(turn, "order_split", values, fits=lambda o: o["state"] in WAITING)
        if order is None:
            return
        values["order_id"] = order["id"]
        turn.look_at(order_id=order["id"])
        pieces = values.get("lines") or await self._pieces(turn, values, order)
        if pieces is None:
            return
        values["lines"] = pieces
        try:
            await propose(turn, "order_split", values, "order.split", {"lines": pieces}, order_id=order["id"])
        except BackendError as error:
            turn.problem(error)
            turn.offer(turn.link_button("order_detail", "order_search", order_id=order["id"]))

    async def _pieces(self, turn: Turn, values: Json, order: Json) -> list[Json] | None:
        """What shall leave by itself; asks and returns None where nobody can tell."""
        standing = [line for line in order["lines"] if _stands(line)]
        apart = not turn.is_payload and (APART.search(turn.text) or _merged_only(order, standing))
        if apart and any(len(parcel["orders"]) > 1 for parcel in open_parcels(order)):
            return [{"line_id": line["id"]} for line in standing]
        if not turn.is_payload and READY_FIRST.search(turn.text):
            ready = [line for line in standing if line["allocated"] >= line["quantity"] - line["cancelled"]]
            if ready and len(ready) < len(standing):
                return [{"line_id": line["id"]} for line in ready]
            partly = [line for line in standing if 0 < line["allocated"] < line["quantity"] - line["cancelled"]]
            if len(standing) == 1 and partly:
                return [{"line_id": partly[0]["id"], "quantity": partly[0]["allocated"]}]
            turn.say("orders.split_nothing_ready", ready=len(ready), order=order)
            return None
        chosen = await lines_meant(turn, values, standing)
        if not chosen and len(standing) == 1:
            chosen = standing
        if not chosen:
            if not standing:
                turn.say("orders.split_nothing", order=order)
                return None
            ask_line(turn, "order_split", values, standing, question="orders.ask_split_line")
            return None
        if len(chosen) > 1:
            return [{"line_id": line["id"]} for line in chosen]
        line = chosen[0]
        whole = line["quantity"] - line["cancelled"]
        said = "" if turn.is_payload or turn.given else turn.text
        count = values.get("quantity") or part_said(said) or shares_said(said, whole)
        if count is None and len(standing) == 1:
            if whole == 1:
                turn.say("orders.split_single", line=line)
                return None
            values["line_id"] = line["id"]
            self._ask_count(turn, values, line, whole)
            return None
        if count is not None and count >= whole and len(standing) == 1:
            turn.say("orders.split_all", line=line, whole=whole)
            values["line_id"] = line["id"]
            self._ask_count(turn, values, line, whole)
            return None
        piece: Json = {"line_id": line["id"]}
        return [{**piece, "quantity": count} if count is not None and count < whole else piece]

    @staticmethod
    def _ask_count(turn: Turn, values: Json, line: Json, whole: int) -> None:
        known = {k: v for k, v in values.items() if k not in ("quantity", "lines")}
        ask(
            turn,
            "order_split",
            known,
            "quantity",
            kind="count",
            question="orders.ask_split_count",
            line=line,
            whole=whole,
        )

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 2개만" under the preview of one line."""
        if turn.intent not in ("deny", "inform", "nlu_fallback", "order_split", "affirm"):
            return None
        lines, count = values.get("lines") or [], part_said(turn.text)
        if preview and count is not None and len(lines) == 1 and lines[0].get("quantity") != count:
            shown = turn.words("orders.pieces", n=count)
            changed = [{**lines[0], "quantity": count}]
            return {
                "label": turn.words("orders.count_label"),
                "shown": shown,
                "values": {**values, "lines": changed, "quantity": count},
            }
        return await corrected_order(turn, values) if turn.intent != "order_split" else None


def _stands(line: Json) -> bool:
    """Something of it is still to leave, and it is no gift."""
    open_ = line["fulfilment"] in ("awaiting_payment", "unallocated", "partly_allocated", "allocated")
    return open_ and line["quantity"] > line["cancelled"] and not line["is_gift"]


def _merged_only(order: Json, standing: list[Json]) -> bool:
    """One article in a parcel shared with other orders: to split it can only mean to take the order out."""
    return bool(order["merged"]) and len(standing) == 1 and standing[0]["quantity"] - standing[0]["cancelled"] == 1
