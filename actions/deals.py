"""1+1 deals that PRO proposes for SmartStore: seeing them with their figures, accepting or declining (source: 000)."""

import re
from typing import Any, ClassVar

from actions import blocks
from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import Affirm, Deny, propose
from actions.pointing import NAMED, SHOWERS, thing_of
from actions.turn import Json, Turn

LISTED = 5
TONE = {"proposed": "warn", "accepted": "ok", "declined": "muted", "expired": "muted"}
ACCEPT, DECLINE = "accept", "decline"
NO = re.compile(
    r"거절|거부|사양|안\s*(?:할|하|해|받|들)|하지\s*(?:않|마|말)|그만|됐|싫|아니|못\s*(?:할|하|해)|말게|뺄|빼\s?줘|빼\s?주|별로|노노|패스|관둘|접을|필요\s*없|불참|미진행|no\b"
)
YES = re.compile(
    r"수락|승인|동의|진행|참여|신청|받을|받아|할게|할께|할래|하자|해\s?(?:줘|주|볼|요|보)|하겠|합시다|좋|오케이|콜|ㄱㄱ|들어갈|콜|넣어|ok\b",
    re.IGNORECASE,
)
#: what of a proposal cannot be changed here: it is one for one, as the programme wants it
TERMS = re.compile(
    r"수량|개수|갯수|2\s*\+\s*1|3\s*\+\s*1|투플러스|조건|가격[을를은도]?\s*(?:바꿔|올|내|조정|변경)|기간[을를은도]?\s*(?:늘|바꿔|연장|변경)"
)
#: words that say which of the two, beyond a yes or no to the preview
WHAT_IS_IT = re.compile(
    r"(?:뭐|뭔|무엇|무슨|어떤\s*(?:거|것|제도))\s*(?:예|에|이|죠|지|야|인|냐|뜻|말|임|\?)|뜻이|설명"
)
SAYS = re.compile(r"거절|거부|사양|수락|승인|동의|참여|받을|받아|안\s*할|안\s*하")
LEAD = re.compile(r"^(?:아니요?|아뇨|아냐|아)[\s,.!]+(?=\S)")
CLEARLY = 0.05


class DealList(TurnAction):
    """What waits for an answer, soonest end first; without any, what became of the latest."""

    action_name: ClassVar[str] = "action_deal_list"

    async def handle(self, turn: Turn) -> None:
        named = thing_of(turn, "deal_id")
        if named:
            await show_deal(turn, named)
            return
        deals = await turn.api.deals()
        waiting = sorted((d for d in deals if d["state"] == "proposed"), key=lambda d: d["last_day"])
        product = None if turn.is_payload else await _of_product(turn, waiting)
        shown = product or waiting
        turn.say("deals.intro", deals=shown, others=[d for d in deals if d["state"] != "proposed"][:3])
        if not shown:
            turn.offer(
                turn.link_button("why_not", "ops_not_running", operation="one_plus_deal"),
                turn.link_button("schedule", "ops_schedule", operation="one_plus_deal"),
            )
            return
        turn.add(blocks.cards([deal_card(turn, deal) for deal in shown[:LISTED]]))
        turn.show_list([{"deal_id": deal["id"], "product_id": deal["product_id"]} for deal in shown])
        turn.look_at(deal_id=shown[0]["id"] if len(shown) == 1 else None)


def deal_card(turn: Turn, deal: Json) -> blocks.Block:
    figures = deal["figures"]
    actions = []
    if deal["state"] == "proposed":
        actions = [
            turn.link_button("deal_accept", "deal_answer", deal_id=deal["id"], choice=ACCEPT),
            turn.link_button("deal_decline", "deal_answer", deal_id=deal["id"], choice=DECLINE),
        ]
    return blocks.card(
        deal["product"],
        [(turn.words(f"deals.{name}_label"), turn.words(f"deals.{name}", deal=deal, figures=figures))
         for name in ("price", "profit", "break_even", "until")],
        badge=(turn.name("deal_state", deal["state"]), TONE[deal["state"]]),
        actions=actions,
    )  # fmt: skip


async def show_deal(turn: Turn, deal_id: str) -> None:
    deal = next((d for d in await turn.api.deals() if d["id"] == deal_id), None)
    if deal is None:
        raise BackendError("deal_not_found", status=404)
    turn.look_at(deal_id=deal_id, product_id=deal["product_id"])
    turn.say("deals.one", deal=deal)
    turn.say("deals.figures", figures=deal["figures"])
    turn.add(deal_card(turn, deal))


SHOWERS["deal_id"] = show_deal


async def _of_product(turn: Turn, deals: list[Json]) -> list[Json]:
    """Those of the products this sentence names; several when the name fits them alike."""
    found = await turn.api.find_products(turn.text) if deals else []
    best = found[0]["score"] if found else 0
    meant = {p["id"] for p in found if p["score"] >= best - CLEARLY}
    return [deal for deal in deals if deal["product_id"] in meant]


class DealAnswer(TurnAction):
    """Yes or no to one proposal, or to all that wait, one after the other."""

    action_name: ClassVar[str] = "action_deal_answer"
    wish: ClassVar[str | None] = "deal_answer"
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if await self._settles_preview(turn):
            return
        if not turn.given and not turn.is_payload and WHAT_IS_IT.search(turn.text):
            turn.say("deals.explained")
            await DealList().handle(turn)
            return
        values: Json = {k: v for k, v in turn.given.items() if k in ("deal_id", "accept", "then")}
        if "accept" not in values and "decision" in turn.given:
            values["accept"] = turn.given["decision"] == ACCEPT
        if "accept" not in values and (decided := decision_of(turn)) is not None:
            values["accept"] = decided
        if not turn.given and not turn.is_payload and TERMS.search(turn.text):
            await self._terms_are_fixed(turn)
            return
        deals = await turn.api.deals()
        waiting = sorted((d for d in deals if d["state"] == "proposed"), key=lambda d: d["last_day"])
        if not values.get("deal_id") and "all" in turn.all_of("scope") and len(waiting) > 1 and "accept" in values:
            first, *rest = waiting
            values |= {"deal_id": first["id"], "then": [{"deal_id": d["id"], "accept": values["accept"]} for d in rest]}
            turn.say("deals.one_by_one", deals=waiting)
        deal = await self._meant(turn, values, deals, waiting)
        if deal is None:
            return
        values["deal_id"] = deal["id"]
        if "accept" not in values:
            turn.add(deal_card(turn, deal))
            choices = [{"value": word, "title": turn.words(f"button.deal_{word}")} for word in (ACCEPT, DECLINE)]
            ask(turn, "deal_answer", values, "decision", kind="choice", choices=choices, product=deal["product"])
            return
        params = {"proposal_id": deal["id"], "accept": values["accept"]}
        try:
            await propose(turn, "deal_answer", values, "deal.answer", params, product=deal["product"])
        except BackendError as error:
            if error.code not in ("deal_answered", "deal_expired"):
                raise
            turn.problem(error)
            turn.offer(turn.link_button("deals", "deal_list"))
            return
        turn.look_at(deal_id=deal["id"], product_id=deal["product_id"])

    @staticmethod
    async def _settles_preview(turn: Turn) -> bool:
        """ "거절해줘" under the preview of something else is the no to that, "수락할게" under this one the yes."""
        waits = turn.slot("plan")
        decided = decision_of(turn)
        if turn.given or turn.is_payload or not waits or decided is None or NAMED["deal_id"].search(turn.text):
            return False
        if turn.entity("ordinal") or turn.entity("position") or turn.entity("scope"):
            return False
        if waits["wish"] == "deal_answer" and waits["values"]["accept"] != decided:
            return False
        yes = decided or waits["wish"] == "deal_answer"
        await (Affirm() if yes else Deny()).handle(turn)
        return True

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 거절할게" under the preview of a yes turns it round; a bare no only drops it."""
        decided = (
            decision_of(turn) if preview and turn.intent in ("deal_answer", "deny", "inform", "nlu_fallback") else None
        )
        if decided is None or decided == values["accept"] or not _says_which(turn):
            return None
        word = ACCEPT if decided else DECLINE
        return {
            "label": turn.words("deals.answer_label"),
            "shown": turn.words(f"deals.said_{word}"),
            "values": {**values, "accept": decided},
        }

    @staticmethod
    async def _terms_are_fixed(turn: Turn) -> None:
        deal_id = thing_of(turn, "deal_id", silent=True)
        turn.say("deals.terms_fixed")
        offered = [turn.link_button("deals", "deal_list")]
        if deal_id:
            offered = [
                turn.link_button("deal_accept", "deal_answer", deal_id=deal_id, choice=ACCEPT),
                turn.link_button("deal_decline", "deal_answer", deal_id=deal_id, choice=DECLINE),
            ]
        turn.offer(*offered, turn.link_button("agent", "handoff_request"))

    @staticmethod
    async def _meant(turn: Turn, values: Json, deals: list[Json], waiting: list[Json]) -> Json | None:
        """The proposal; asks or says that none waits, and returns None otherwise."""
        named = values.get("deal_id") or thing_of(turn, "deal_id")
        if named:
            found = next((d for d in deals if d["id"] == named), None)
            if found is None:
                raise BackendError("deal_not_found", status=404)
            return found
        fitting = [] if turn.is_payload else await _of_product(turn, deals)
        alive = [d for d in fitting if d["state"] == "proposed"] or fitting
        if not alive:
            silent = thing_of(turn, "deal_id", silent=True)
            alive = [d for d in deals if d["id"] == silent] or waiting
        if not alive:
            turn.say("deals.intro", deals=[], others=[d for d in deals if d["state"] != "proposed"][:3])
            return None
        if len(alive) > 1:
            choices: list[Json] = [{"value": d["id"], "title": d["product"]} for d in alive[:LISTED]]
            turn.show_list([{"deal_id": d["id"], "product_id": d["product_id"]} for d in alive])
            known = {k: v for k, v in values.items() if k == "accept"}
            ask(turn, "deal_answer", known, "deal_id", kind="choice", choices=choices)
            return None
        return alive[0]


def decision_of(turn: Turn) -> bool | None:
    """Yes, no, or not said."""
    pressed: Any = turn.entity("choice")
    if pressed in (ACCEPT, DECLINE):
        return bool(pressed == ACCEPT)
    if turn.is_payload:
        return None
    said = LEAD.sub("", turn.text)
    if NO.search(said):
        return False
    return True if YES.search(said) else None


def _says_which(turn: Turn) -> bool:
    """More than a bare "아니요", which drops the preview."""
    return SAYS.search(turn.text) is not None
