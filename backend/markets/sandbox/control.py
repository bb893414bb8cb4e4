"""What tests and the demo may do to the sandbox: place orders, move them on, break things, set the time, count effects."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from backend.kit import clock
from backend.markets.sandbox import flow, goods, questions
from backend.markets.sandbox.cafe24 import StoreDep
from backend.markets.sandbox.faults import Fault
from backend.markets.sandbox.making import make

router = APIRouter(prefix="/_sandbox")
MarketName = Literal["cafe24", "naver", "coupang"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewOrders(_Strict):
    """`count` orders of this form; what `order` does not say is invented by `seed`."""

    market: MarketName
    seller: str
    count: int = Field(default=1, ge=1, le=20_000)
    seed: int = 1
    order: dict[str, Any] = Field(default_factory=dict)


class Step(_Strict):
    """One thing that happens to an order. `raw` puts a code of the market's on the line, whatever it is."""

    market: MarketName
    seller: str
    order_no: str
    do: Literal["pay", "deliver", "way", "confirm", "claim", "answer", "raw", "move"]
    line_no: str | None = None
    kind: Literal["cancel", "return", "exchange"] = "cancel"
    quantity: int | None = None
    reason: str | None = None
    to: str = "accepted"
    raw: str | None = None
    claim_raw: str | None = None
    claim_type: str | None = None
    receiver: dict[str, Any] | None = None


class Time(_Strict):
    at: datetime | None = None
    advance_seconds: float | None = None


class Limit(_Strict):
    market: MarketName
    size: int
    rate: float


class Goods(_Strict):
    market: MarketName
    seller: str
    rows: list[dict[str, Any]]


class Question(_Strict):
    """`at` as ISO text in Seoul's time; now without one."""

    market: MarketName
    seller: str
    text: str
    product_no: str | None = None
    buyer: str | None = None
    at: str | None = None


class Refusal(_Strict):
    market: MarketName
    seller: str
    refused: bool = True


@router.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@router.post("/orders")
def place(body: NewOrders, store: StoreDep) -> dict[str, list[str]]:
    dice = Random(f"{body.seed} {body.market} {body.seller}")
    with store.together():
        made = [make(store, body.market, body.seller, dice, dict(body.order)) for _ in range(body.count)]
    return {
        "order_nos": [doc["order_no"] for doc in made],
        "line_nos": [one["line_no"] for doc in made for one in doc["lines"]],
    }


@router.get("/orders/{market}/{seller}/{order_no}")
def order(market: MarketName, seller: str, order_no: str, store: StoreDep) -> dict[str, Any]:
    doc = store.order(market, seller, order_no)
    if doc is None:
        raise HTTPException(404, "no such order")
    return doc


@router.post("/steps")
def step(body: Step, store: StoreDep) -> dict[str, Any]:
    with store.together():
        doc = store.order(body.market, body.seller, body.order_no)
        if doc is None:
            raise HTTPException(404, "no such order")
        line_no = body.line_no or doc["lines"][0]["line_no"]
        if body.do == "pay":
            doc["paid_at"] = flow.stamp(clock.now())
            for line in doc["lines"]:
                line["raw"] = flow.codes()[body.market]["paid"]
            store.put(doc, "pay")
        elif body.do == "deliver":
            flow.deliver(store, doc)
        elif body.do == "way":
            flow.on_the_way(store, doc)
        elif body.do == "confirm":
            for line in doc["lines"]:
                line["raw"] = flow.codes()[body.market]["confirmed"]
            store.put(doc, "confirm")
        elif body.do == "claim":
            flow.claim(store, doc, line_no, body.kind, body.quantity, body.reason)
        elif body.do == "answer":
            flow.answer(store, doc, line_no, body.to)
        elif body.do == "move":
            doc["receiver"] |= body.receiver or {}
            store.put(doc, "new")
        else:
            _put_code(doc, line_no, body, store)
        return doc


def _put_code(doc: dict[str, Any], line_no: str, body: Step, store: Any) -> None:
    line = flow.line_of(doc, line_no)
    line["raw"] = body.raw or line["raw"]
    if body.claim_raw:
        no = (line["claim"] or {}).get("no") or str(store.number("claim", 900_000_001))
        line["claim"] = {
            "no": no, "kind": body.kind, "raw": body.claim_raw, "stage": "requested", "reason": body.reason,
            "quantity": body.quantity or line["quantity"], "at": flow.stamp(clock.now()), "was": line["raw"],
            "type": body.claim_type,
        }  # fmt: skip
    elif doc["market"] == "cafe24" and (body.raw or "")[:1] in "CRE":
        kind = {"C": "cancel", "R": "return", "E": "exchange"}[str(body.raw)[0]]
        line["claim"] = {**(line["claim"] or {}), "no": str(store.number("claim", 900_000_001)), "kind": kind, "raw": body.raw,
                         "stage": "requested", "reason": None, "quantity": line["quantity"], "at": flow.stamp(clock.now()),
                         "was": line["raw"]}  # fmt: skip
    store.put(doc, f"claim_{line['claim']['kind']}" if line["claim"] else "new")


@router.post("/faults")
def add_fault(body: Fault, request: Request) -> dict[str, str]:
    request.app.state.faults.add(body)
    return {"status": "ok"}


@router.delete("/faults")
def clear_faults(request: Request) -> dict[str, str]:
    request.app.state.faults.clear()
    return {"status": "ok"}


@router.post("/limits")
def limit(body: Limit, request: Request) -> dict[str, str]:
    request.app.state.faults.limit(body.market, body.size, body.rate)
    return {"status": "ok"}


@router.post("/time")
def set_time(body: Time) -> dict[str, str]:
    """A fixed time, some seconds more of it, or (with neither) the machine's again."""
    if body.at is not None:
        clock.set_clock(clock.FrozenClock(body.at))
    elif body.advance_seconds is not None:
        clock.set_clock(clock.FrozenClock(clock.now() + timedelta(seconds=body.advance_seconds)))
    else:
        clock.set_clock(None)
    return {"now": clock.now().isoformat()}


@router.post("/goods")
def add_goods(body: Goods, store: StoreDep) -> dict[str, int]:
    goods.put(store, body.market, body.seller, body.rows)
    return {"rows": len(body.rows)}


@router.get("/goods/{market}/{seller}")
def all_goods(market: MarketName, seller: str, store: StoreDep) -> list[dict[str, Any]]:
    found = store.rows("select * from goods where market = ? and seller = ? order by product_no, code", market, seller)
    return [{**dict(row), "doc": json.loads(row["doc"])} for row in found]


@router.post("/questions")
def ask(body: Question, store: StoreDep) -> dict[str, str]:
    """A buyer asks; the question's number."""
    asked = body.model_dump(exclude={"market", "seller"}, exclude_none=True)
    return {"number": questions.ask(store, body.market, body.seller, asked)}


@router.post("/questions/{number}/answer")
def answer_question(number: str, body: Question, store: StoreDep) -> dict[str, str]:
    """The seller answers on the market's own page."""
    questions.answer(store, body.market, body.seller, number, body.text)
    return {"status": "ok"}


@router.post("/refusals")
def refuse(body: Refusal, store: StoreDep) -> dict[str, str]:
    """The merchant's consent is taken back (or given again): every call answers 401."""
    if body.refused:
        store.run("insert or ignore into refused values (?, ?)", body.market, body.seller)
    else:
        store.run("delete from refused where market = ? and seller = ?", body.market, body.seller)
    return {"status": "ok"}


@router.get("/effects")
def effects(store: StoreDep, market: str | None = None, what: str | None = None) -> list[dict[str, Any]]:
    found = store.rows(
        "select * from effects where (? is null or market = ?) and (? is null or what = ?) order by id",
        market, market, what, what,
    )  # fmt: skip
    return [{**dict(row), "detail": json.loads(row["detail"])} for row in found]


@router.get("/calls")
def calls(request: Request) -> dict[str, int]:
    return dict(request.app.state.faults.calls)


@router.post("/reset")
def reset(store: StoreDep, request: Request) -> dict[str, str]:
    store.clear()
    request.app.state.faults.clear()
    return {"status": "ok"}
