"""What the shop does about a claim that is there: accept, goods came back, inspected, refunded, refused, withdrawn."""

import re

from actions import blocks
from actions.after_done import AFTER
from actions.answers import READERS
from actions.asking import ask
from actions.client.errors import BackendError
from actions.counts_said import part_said
from actions.orders_asked import say_missing
from actions.orders_meant import orders_meant
from actions.plans import propose
from actions.pointing import SHOWERS
from actions.turn import Json, Turn

STEPS = ("accept", "collect", "inspect", "finish", "reject", "withdraw")
#: what a sentence wants done, the more particular first
SAID = (
    ("reject", re.compile(r"거절|거부|반려|안\s*받아\s*(?:줄|주)|못\s*받아")),
    ("withdraw", re.compile(r"철회|(?:취소|반품|교환)\s*(?:신청|접수|요청)?\s*(?:을|를)?\s*(?:취소|무르|없던)|도로\s*쓰|그냥\s*쓰")),
    ("inspect", re.compile(r"검수|검품|확인해\s*보니|뜯어\s*보니|썩|멀쩡|사용\s*흔적|재판매")),
    ("collect", re.compile(r"수거\s*(?:완료|됐|됨|했|끝|된)|회수\s*(?:완료|됐|됨|했|끝|된)|도착|(?:물건|상품|상자|옷|가방|거|것)\S*\s*(?:잘\s*)?(?:받았|왔|들어왔)|잘\s*받|입고됐|돌아온|돌아왔")),
    ("accept", re.compile(r"승인|수락|받아\s*(?:줘|주|줄)|(?:신청|요청)\s*(?:들어온|온)\s*(?:거|것|건)?|처리해\s*(?:줘|주)|승낙")),
    ("finish", re.compile(r"환불\s*(?:해|진행|완료|처리|ㄱ|끝|까지)|(?:반품|취소|교환)\s*(?:완료|끝)|완료\s*처리|돈\s*(?:내|돌려)")),
)  # fmt: skip
EVERY = re.compile(r"전부|전체|모두|싹|(?<![가-힣])다\s")
#: a new claim rather than a step of one
FILES = re.compile(r"접수|신청\s*(?:해|하|넣)|넣어|올려|잡아")
LISTS = re.compile(r"보여|목록|뭐|몇\s*건|있어|있나|조회|확인")
LISTED = 5
OUTCOMES = "outcomes"
TONE = {"requested": "warn", "held": "warn", "done": "ok", "rejected": "bad", "withdrawn": "muted"}
_DEFECTIVE = re.compile(
    r"(?:(?P<n>\d{1,4}|하나|한|두|둘|세|셋)\s*(?:개|장|벌|켤레)?\s*(?:은|는|만|가|이)?\s*)?(?:불량|하자|파손|썩|못\s*(?:팔|써)|깨|훼손)"
)
_QUARANTINE = re.compile(r"보류|재판매\s*보류|격리|애매|따로\s*(?:보관|둬)")
_GOOD = re.compile(
    r"멀쩡|이상\s*없|정상|괜찮|재입고|다시\s*팔|판매\s*가능|양품|문제\s*없|ok|새\s*것|사용\s*안", re.IGNORECASE
)
_NATIVE = {"하나": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3}


async def goes_on_with_claim(turn: Turn, wish: str) -> bool:
    """True when the message is about an open claim instead of a new one, and it is answered then."""
    kind = wish.removeprefix("order_")
    pressed, step = (
        turn.entity("claim_id") or turn.given.get("claim_id"),
        turn.entity("choice") or turn.given.get("step"),
    )
    if pressed:
        await take_step(turn, wish, str(pressed), step if step in STEPS else None)
        return True
    if turn.given or turn.entity("line_id"):
        return False
    said = [] if turn.is_payload else steps_said(turn.text, kind)
    if not said and not _asks_list(turn, kind):
        return False
    claims = await _claims(turn, kind, said)
    if claims is None:
        return True
    if not claims:
        filing = said[:1] in ([], ["accept"], ["finish"]) or FILES.search(turn.text) is not None
        if filing and not _asks_list(turn, kind):
            return False
        turn.say("claims.none", kind=kind, step=said[0] if said else None)
        turn.offer(turn.link_button("orders_new", "order_search", page=0))
        return True
    if len(claims) > 1 and not (said and EVERY.search(turn.text)):
        _show(turn, claims)
        return True
    first, *rest = claims
    if rest:
        turn.say("claims.one_by_one", n=len(claims), first=first)
    queue = [{"claim_id": c["id"], "step": _fitting(c, said)} for c in rest]
    await take_step(turn, wish, first["id"], _fitting(first, said), then=queue)
    return True


#: what such a sentence may be taken for
_MISTAKEN = frozenset({"nlu_fallback", "inform", "complain", "review_list", "stock_adjust", "stock_check"})


async def continues_claim(turn: Turn) -> bool:
    """ "검수했는데 멀쩡해요" about the claim on the screen, "두 번째 거 승인해줘" in a list of them, whatever such a sentence
    resembles by itself."""
    if turn.is_payload or turn.slot("plan"):
        return False
    pointed = (turn.pointed_at() or {}).get("claim_id")
    claim_id = pointed or (turn.focus.get("claim_id") if turn.intent in _MISTAKEN else None)
    if not claim_id:
        return False
    claim = await turn.api.claim(claim_id)
    said = [step for step in steps_said(turn.text, claim["kind"]) if step in claim["steps"]]
    if not said:
        return False
    await take_step(turn, f"order_{claim['kind']}", claim_id, said[0])
    return True


def steps_said(text: str, kind: str) -> list[str]:
    """All steps the words may mean, the likeliest first; which of them is possible tells the claim."""
    return [step for step, pattern in SAID if pattern.search(text) and not (step == "collect" and kind == "cancel")]


def _fitting(claim: Json, said: list[str]) -> str | None:
    return next((step for step in said if step in claim["steps"]), said[0] if said else None)


def _asks_list(turn: Turn, kind: str) -> bool:
    named = kind in turn.all_of("order_status") or re.search(r"신청|요청|접수\s*(?:된|온|들어)", turn.text) is not None
    return named and LISTS.search(turn.text) is not None


async def _claims(turn: Turn, kind: str, said: list[str]) -> list[Json] | None:
    """Open claims of that kind the message means; without a name, all that wait for this step. None when it was answered."""
    place = turn.pointed_at()
    if place and place.get("claim_id"):
        return [await turn.api.claim(place["claim_id"])]
    meant = await orders_meant(turn, silent=True)
    if meant.missing:
        say_missing(turn, meant.missing)
        return None
    if meant.orders:
        found: list[Json] = []
        for order in meant.orders[:LISTED]:
            found += (await turn.api.claims(order_id=order["id"], limit=20))["items"]
        fitting = [c for c in found if c["kind"] == kind] or found
        if fitting or meant.named:
            return [c for c in fitting if not said or set(said) & set(c["steps"])] or fitting
    page = await turn.api.claims(kind=kind, limit=50)
    return [c for c in page["items"] if not said or set(said) & set(c["steps"])]


def _show(turn: Turn, claims: list[Json]) -> None:
    turn.say("claims.several", n=len(claims), shown=min(LISTED, len(claims)))
    turn.add(blocks.cards([claim_card(turn, claim, n) for n, claim in enumerate(claims[:LISTED], 1)]))
    turn.show_list([{"claim_id": c["id"], "order_id": c["order_id"]} for c in claims])


def claim_card(turn: Turn, claim: Json, number: int | None = None) -> blocks.Block:
    rows = [(turn.words("claims.what_label"), turn.words("claims.what", claim=claim))]
    if claim["reason"]:
        rows.append((turn.words("orders.reason_label"), claim["reason"]))
    if claim["refund"] != "none":
        rows.append((turn.words("claims.refund_label"), turn.words("claims.refund", claim=claim)))
    return blocks.card(
        turn.words("claims.title", claim=claim, number=number),
        rows,
        subtitle=turn.words("claims.subtitle", claim=claim),
        badge=(turn.name("claim_state", claim["state"]), TONE.get(claim["state"], "warn")),
        actions=_step_buttons(turn, claim),
    )


def _step_buttons(turn: Turn, claim: Json) -> list[blocks.Block]:
    return [
        blocks.button(
            turn.words(f"claims.step_{step}", claim=claim), f"order_{claim['kind']}", claim_id=claim["id"], choice=step
        )
        for step in claim["steps"]
    ]


async def offer_steps(turn: Turn, claim_id: str, *, silent: bool = False) -> None:
    """The claim's card, or only the buttons of what may follow."""
    claim = await turn.api.claim(claim_id)
    if silent:
        turn.offer(
            *_step_buttons(turn, claim)[:2],
            turn.link_button("order_detail", "order_search", order_id=claim["order_id"]),
        )
        return
    turn.add(claim_card(turn, claim))
    turn.look_at(order_id=claim["order_id"], claim_id=claim["id"])


async def show_claim(turn: Turn, claim_id: str) -> None:
    claim = await turn.api.claim(claim_id)
    turn.look_at(order_id=claim["order_id"], claim_id=claim_id)
    turn.add(claim_card(turn, claim))


SHOWERS["claim_id"] = show_claim


async def take_step(turn: Turn, wish: str, claim_id: str, step: str | None, then: list[Json] | None = None) -> None:
    """Preview of one step; without a step, or with one that is not possible, the claim with what is."""
    claim = await turn.api.claim(claim_id)
    turn.look_at(order_id=claim["order_id"], claim_id=claim_id)
    values: Json = {"claim_id": claim_id, "step": step, "order_id": claim["order_id"]}
    queue = then if then is not None else turn.given.get("then")
    if queue:
        values["then"] = queue
    if step is None:
        turn.say("claims.one", claim=claim)
        turn.add(claim_card(turn, claim))
        return
    params: Json = {"claim_id": claim_id}
    if step == "inspect":
        outcomes = turn.given.get("outcomes") or outcomes_said("" if turn.is_payload else turn.text, claim["quantity"])
        if not outcomes and "inspect" in claim["steps"]:
            choices = [
                {"value": key, "title": turn.words(f"claims.all_{key}", claim=claim)}
                for key in ("restock", "defective", "quarantine")
            ]
            ask(
                turn,
                wish,
                values,
                "outcomes",
                kind=OUTCOMES,
                choices=choices,
                question="claims.ask_outcomes",
                claim=claim,
                quantity=claim["quantity"],
            )
            return
        params["outcomes"] = values["outcomes"] = outcomes or {"restock": claim["quantity"]}
    if step == "accept" and turn.given.get("item_id"):
        params["item_id"] = values["item_id"] = turn.given["item_id"]
    try:
        await propose(turn, wish, values, f"claim.{step}", params, order_id=claim["order_id"], claim_id=claim_id)
    except BackendError as error:
        turn.problem(error)
        if error.code == "exchange_item_missing":
            ask(
                turn,
                wish,
                values,
                "item_id",
                kind="stock_item",
                question="orders.ask_exchange_item",
                called=claim["item"],
                several=False,
            )
        elif error.code == "claim_step_refused":
            turn.offer(
                *_step_buttons(turn, claim),
                turn.link_button("order_detail", "order_search", order_id=claim["order_id"]),
            )


def outcomes_said(text: str, quantity: int) -> Json:
    """What inspection found, piece by piece; {} when nobody can tell."""
    if not text:
        return {}
    defective, quarantine, good = _DEFECTIVE.search(text), _QUARANTINE.search(text), _GOOD.search(text)
    if defective and re.search(r"(?:불량|하자|파손)\s*(?:은|이|도)?\s*(?:없|아니)", text):
        return {"restock": quantity}
    said = part_said(text)
    if defective:
        n = _NATIVE.get(defective["n"]) or (int(defective["n"]) if (defective["n"] or "").isdigit() else None)
        bad = n if n is not None else (said if said is not None and good else quantity)
        return {"defective": bad, "restock": quantity - bad} if bad < quantity else {"defective": quantity}
    if quarantine:
        return {"quarantine": quantity}
    return {"restock": quantity} if good else {}


async def answer_outcomes(turn: Turn, wanted: Json) -> Json | None:
    quantity = int(wanted["context"]["quantity"])
    pressed = turn.entity("choice")
    if pressed in ("restock", "defective", "quarantine"):
        return {str(pressed): quantity}
    return outcomes_said(turn.text, quantity) or None


READERS[OUTCOMES] = answer_outcomes


async def _after_step(turn: Turn, plan: Json, context: Json) -> None:
    if context.get("claim_id"):
        await offer_steps(turn, str(context["claim_id"]), silent=True)


for _step in STEPS:
    AFTER[f"claim.{_step}"] = _after_step
