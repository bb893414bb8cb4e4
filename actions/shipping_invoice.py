"""Couriers and tracking numbers (송장) of parcels: registering one and correcting one."""

import re
from typing import ClassVar

from actions.after_done import AFTER
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.invoices_said import is_list
from actions.orders_asked import ask_which, one_order
from actions.orders_corrected import corrected_order
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.shipping_invoice_answers import COURIER, TRACKING
from actions.shipping_invoice_list import register_list
from actions.shipping_send import arrive, send_off
from actions.turn import Json, Turn

USUAL = ("cj", "hanjin", "lotte", "epost", "logen")
CHANGES = re.compile(r"수정|정정|변경|바꿔|바꾸|바꿀|고쳐|고칠|잘못|오타|틀렸|틀린|다시\s*(?:등록|입력|넣)|오기")
SHIPS = re.compile(r"발송\s*(?:처리|완료)|출고\s*(?:처리|완료)|배송중으로|배송\s*시작|내보내|발송했|부쳤")
ARRIVED = re.compile(r"배송\s*완료\s*(?:로|처리)|도착\s*처리|배달\s*완료\s*(?:로|처리)")
LIST_FILE = re.compile(r"엑셀|파일|한꺼번에|일괄|여러\s*(?:주문|건)")


class InvoiceRegister(TurnAction):
    action_name: ClassVar[str] = "action_invoice_register"
    wish: ClassVar[str | None] = "invoice_register"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        values: Json = {
            k: v
            for k, v in turn.given.items()
            if k in ("order_id", "courier", "tracking_no", "change", "ship", "then", "arrived")
        }
        typed = not turn.is_payload and not turn.given
        choice = turn.entity("choice")
        numbers = turn.all_of("tracking_no")
        if (
            choice == "ship"
            or values.get("ship")
            or (typed and not numbers and SHIPS.search(turn.text) and not turn.entity("courier"))
        ):
            await send_off(turn)
            return
        if values.get("arrived") or (typed and ARRIVED.search(turn.text)):
            await arrive(turn)
            return
        if typed and is_list(turn):
            await register_list(turn)
            return
        if typed:
            values |= {
                k: v
                for k, v in (("courier", turn.entity("courier")), ("tracking_no", numbers[0] if numbers else None))
                if v
            }
            if CHANGES.search(turn.text):
                values["change"] = True
            if numbers and SHIPS.search(turn.text):
                values["then"] = [{"ship": True}]
        if choice == "change":
            values["change"] = True
        if typed and not numbers and not turn.entity("courier") and LIST_FILE.search(turn.text):
            turn.say("shipping.how_to_paste")
            return
        order = await self._order(turn, values)
        if order is None:
            return
        values["order_id"] = order["id"]
        turn.look_at(order_id=order["id"])
        if order["labelled"] and not values.get("change"):
            if not values.get("tracking_no"):
                self._say_labelled(turn, order)
                return
            values["change"] = True
        await self._complete(turn, values, order)

    async def _order(self, turn: Turn, values: Json) -> Json | None:
        """The one named or talked about; without any, the only one that waits for its number."""
        if not values.get("order_id") and not turn.entity("order_id"):
            meant = await orders_meant(turn)
            if not meant.orders and not meant.missing:
                page = await turn.api.orders(state=["allocated"], handled=True, limit=20)
                waiting = [o for o in page["items"] if not o["labelled"] and not o["held"]]
                if len(waiting) == 1:
                    return dict(waiting[0])
                ask_which(turn, "invoice_register", values, waiting)
                return None
        return await one_order(
            turn, "invoice_register", values, fits=lambda o: o["state"] == "allocated" and not o["held"]
        )

    async def _complete(self, turn: Turn, values: Json, order: Json) -> None:
        """Asks for what is missing; a correction may keep the courier or the number as it is."""
        changing = values.get("change")
        if changing and (values.get("tracking_no") or values.get("courier")):
            params = {
                "order_id": order["id"],
                "courier": values.get("courier"),
                "tracking_no": values.get("tracking_no"),
            }
            await self._propose(turn, values, "invoice.change", params, order)
            return
        if not values.get("tracking_no"):
            name = turn.name("courier", values["courier"]) if values.get("courier") else None
            ask(
                turn,
                "invoice_register",
                values,
                "tracking_no",
                kind=TRACKING,
                question="shipping.ask_number",
                order=_told(order),
                courier=name,
                change=bool(changing),
            )
            return
        if not values.get("courier"):
            await self._ask_courier(turn, values, order)
            return
        item = {"order_id": order["id"], "courier": values["courier"], "tracking_no": values["tracking_no"]}
        await self._propose(turn, values, "invoice.register", {"items": [item]}, order)

    @staticmethod
    async def _ask_courier(turn: Turn, values: Json, order: Json) -> None:
        """Those whose numbers look like this one, the usual ones first."""
        known = await turn.api.couriers()
        digits = len(str(values["tracking_no"]))
        fitting = [c for c in known if not c["lengths"] or digits in c["lengths"]]
        order_of = {key: n for n, key in enumerate(USUAL)}
        fitting.sort(key=lambda c: order_of.get(c["key"], len(USUAL)))
        choices = [{"value": c["key"], "title": c["name"], "also": c["aliases"]} for c in fitting[:5]]
        others = [{"value": c["key"], "title": c["name"], "also": c["aliases"]} for c in known]
        ask(
            turn,
            "invoice_register",
            values,
            "courier",
            kind=COURIER,
            choices=choices or others[:5],
            question="shipping.ask_courier",
            order=_told(order),
            number=values["tracking_no"],
        )

    @staticmethod
    async def _propose(turn: Turn, values: Json, kind: str, params: Json, order: Json) -> None:
        try:
            await propose(turn, "invoice_register", values, kind, params, order_id=order["id"])
        except BackendError as error:
            turn.problem(error)
            if error.code in ("tracking_no_shape", "courier_unknown"):
                wrong = "tracking_no" if error.code == "tracking_no_shape" else "courier"
                kept = {k: v for k, v in values.items() if k != wrong}
                others = error.data.get("others") or []
                if others:
                    choices = [{"value": key, "title": turn.name("courier", key)} for key in others]
                    ask(
                        turn,
                        "invoice_register",
                        {k: v for k, v in values.items() if k != "courier"},
                        "courier",
                        kind=COURIER,
                        choices=choices,
                        question="shipping.ask_courier_again",
                        number=values["tracking_no"],
                    )
                elif wrong == "tracking_no":
                    ask(
                        turn,
                        "invoice_register",
                        kept,
                        "tracking_no",
                        kind=TRACKING,
                        question="shipping.ask_number_again",
                    )
                return
            if error.code == "invoice_registered":
                turn.offer(
                    turn.link_button("invoice_change", "invoice_register", order_id=order["id"], choice="change")
                )
                return
            turn.offer(
                turn.link_button("order_why", "order_explain", order_id=order["id"]),
                turn.link_button("order_detail", "order_search", order_id=order["id"]),
            )

    @staticmethod
    def _say_labelled(turn: Turn, order: Json) -> None:
        parcel = next(p for p in order["shipments"] if p["tracking_no"])
        turn.say("shipping.has_number", order=_told(order), parcel=parcel)
        turn.offer(
            turn.link_button("order_ship", "invoice_register", order_id=order["id"], choice="ship"),
            turn.link_button("invoice_change", "invoice_register", order_id=order["id"], choice="change"),
            turn.link_button("label_print", "invoice_print", order_id=order["id"]),
        )

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 한진으로", "번호 끝자리 3이야" while asked or under the preview."""
        if (
            turn.intent not in ("deny", "inform", "nlu_fallback", "affirm", "invoice_register")
            or values.get("ship")
            or values.get("items")
        ):
            return None
        same_wish = turn.intent == "invoice_register"
        courier, numbers = turn.entity("courier"), turn.all_of("tracking_no")
        if same_wish and (turn.all_of("order_no") or is_list(turn)):
            return None
        if (
            not preview and courier and numbers and not values.get("tracking_no")
        ):  # both at once, though one was asked for
            return {"values": {**values, "courier": courier, "tracking_no": str(numbers[0])}}
        if numbers and values.get("tracking_no") and str(numbers[0]) != values["tracking_no"]:
            changed = {**values, "tracking_no": str(numbers[0]), **({"courier": courier} if courier else {})}
            return {"label": turn.words("shipping.number_label"), "shown": str(numbers[0]), "values": changed}
        if courier and courier != values.get("courier") and not numbers and (values.get("courier") or not preview):
            return {
                "label": turn.words("shipping.courier_label"),
                "shown": turn.name("courier", courier),
                "values": {**values, "courier": courier},
            }
        return await corrected_order(turn, values) if not same_wish and not numbers else None


def _told(order: Json) -> Json:
    return {"order_no": order["order_no"], "buyer_name": order["buyer_name"], "products": order["products"]}


async def _after_register(turn: Turn, plan: Json, context: Json) -> None:
    order_id = context.get("order_id")
    named = {"order_id": order_id} if order_id else {}
    turn.offer(
        turn.link_button("order_ship", "invoice_register", choice="ship", **named),
        turn.link_button("label_print", "invoice_print", **named),
    )


async def _after_ship(turn: Turn, plan: Json, context: Json) -> None:
    if context.get("order_id"):
        turn.offer(turn.link_button("order_detail", "order_search", order_id=context["order_id"]))


AFTER["invoice.register"] = AFTER["invoice.change"] = _after_register
AFTER["shipment.ship"] = _after_ship
