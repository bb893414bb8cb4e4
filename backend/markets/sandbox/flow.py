"""What may happen to an order after it was placed: the merchant's steps, the parcel's way, claims and their answers."""

from typing import Any

from backend.kit import clock
from backend.markets.sandbox.making import codes
from backend.markets.sandbox.store import Doc, Store, stamp


class Refused(Exception):
    """The market says no, in a code and a sentence of its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def line_of(doc: Doc, line_no: str) -> Doc:
    line: Doc | None = next((line for line in doc["lines"] if line["line_no"] == line_no), None)
    if line is None:
        raise Refused("NOT_FOUND", f"no such line {line_no}")
    return line


def prepare(store: Store, doc: Doc, line_nos: list[str]) -> list[str]:
    """Paid lines become prepared; what is prepared already stays so. The lines that changed."""
    code, changed = codes()[doc["market"]], []
    for line in (line_of(doc, no) for no in line_nos):
        _stop_when_claimed(line)
        if line["raw"] not in (code["paid"], code["preparing"]):
            raise Refused("INVALID_STATUS", f"{line['raw']} cannot be prepared")
        if not line["confirmed"]:
            line["raw"], line["confirmed"] = code["preparing"], True
            changed.append(line["line_no"])
    if changed:
        store.put(doc, "prepare", changed)
        _note(store, doc, "prepare", changed, {})
    return changed


def ship(store: Store, doc: Doc, line_nos: list[str], courier: str, number: str) -> None:
    """One parcel for these lines. A line that has left already is refused: a second upload would be a second parcel."""
    code = codes()[doc["market"]]
    for line in (line_of(doc, no) for no in line_nos):
        _stop_when_claimed(line)
        if line["raw"] not in (code["paid"], code["preparing"], "N21", "N22"):
            raise Refused("INVALID_STATUS", f"{line['raw']} cannot be shipped")
    for line in (line_of(doc, no) for no in line_nos):
        now = stamp(clock.now())
        line |= {"raw": code["shipped"], "confirmed": True, "invoice": {"courier": courier, "no": number, "at": now}}
        line["shipped_at"] = now
    store.put(doc, "ship", line_nos)
    _note(store, doc, "invoice", line_nos, {"courier": courier, "no": number})


def deliver(store: Store, doc: Doc, line_nos: list[str] | None = None) -> None:
    code, now = codes()[doc["market"]], stamp(clock.now())
    gone = [line for line in doc["lines"] if line["shipped_at"] and not line["delivered_at"]]
    gone = [line for line in gone if line_nos is None or line["line_no"] in line_nos]
    for line in gone:
        line |= {"raw": code["delivered"], "delivered_at": now}
    if gone:
        store.put(doc, "deliver", [line["line_no"] for line in gone])


def on_the_way(store: Store, doc: Doc) -> None:
    """Coupang tells the first scan of a parcel; the others do not."""
    code = codes()[doc["market"]]
    moved = [line for line in doc["lines"] if line["raw"] == code["shipped"] and "delivering" in code]
    for line in moved:
        line["raw"] = code["delivering"]
    if moved:
        store.put(doc, "way", [line["line_no"] for line in moved])


def claim(store: Store, doc: Doc, line_no: str, kind: str, quantity: int | None, reason: str | None) -> Doc:
    """The buyer asks. On Naver the line stays as it is (a PAYED line with CANCEL_REQUEST); Cafe24 shows it in the line's
    own code; on Coupang it is another list."""
    line = line_of(doc, line_no)
    if line["claim"] and line["claim"]["stage"] in ("requested", "accepted", "collected"):
        raise Refused("ALREADY_CLAIMED", "this line has an open claim")
    raw = codes()[doc["market"]]["claims"][kind]["requested"]
    line["claim"] = {
        "no": str(store.number("claim", 900_000_001)), "kind": kind, "raw": raw, "stage": "requested", "reason": reason,
        "quantity": quantity or line["quantity"], "at": stamp(clock.now()), "was": line["raw"],
    }  # fmt: skip
    if doc["market"] == "cafe24":
        line["raw"] = raw
    store.put(doc, f"claim_{kind}", [line_no])
    found: Doc = line["claim"]
    return found


def answer(store: Store, doc: Doc, line_no: str, to: str) -> None:
    """`to` is accepted, rejected, collected or done. An accepted cancellation is done at once."""
    line = line_of(doc, line_no)
    found = line["claim"]
    if not found:
        raise Refused("NOT_FOUND", "no claim on this line")
    to = "done" if found["kind"] == "cancel" and to == "accepted" else to
    if found["stage"] in ("done", "rejected"):
        raise Refused("INVALID_STATUS", f"the claim is {found['stage']}")
    code = codes()[doc["market"]]
    found |= {"stage": to, "raw": code["claims"][found["kind"]].get(to, found["raw"])}
    if to == "rejected":
        line["raw"] = found["was"]
    elif doc["market"] == "cafe24":
        line["raw"] = found["raw"]
    elif to == "done":
        ends = {"cancel": code["cancelled"], "return": "RETURNED", "exchange": "EXCHANGED"}
        line["raw"] = ends[found["kind"]] if doc["market"] == "naver" else line["raw"]
    if to == "done" and found["kind"] == "cancel":
        line["cancelled"] = found["quantity"]
        if doc["market"] == "coupang" and all(other["cancelled"] >= other["quantity"] for other in doc["lines"]):
            for other in doc["lines"]:
                other["raw"] = code["cancelled"]
    store.put(doc, "claim_answer", [line_no])
    _note(store, doc, "claim", [line_no], {"no": found["no"], "to": to})


def begin(store: Store, doc: Doc, line_no: str, kind: str, quantity: int | None, reason: str | None) -> Doc:
    """The merchant begins a claim: a cancellation is done with that, anything else takes its way."""
    made = claim(store, doc, line_no, kind, quantity, reason)
    if kind == "cancel":
        answer(store, doc, line_no, "done")
    else:
        _note(store, doc, "claim", [line_no], {"no": made["no"], "to": "requested"})
    return made


def reinvoice(store: Store, doc: Doc, line_nos: list[str], courier: str, number: str) -> None:
    """Another number for a parcel that has left."""
    for line in (line_of(doc, no) for no in line_nos):
        if not line["invoice"]:
            raise Refused("INVALID_STATUS", "nothing was shipped yet")
    for line in (line_of(doc, no) for no in line_nos):
        line["invoice"] = {"courier": courier, "no": number, "at": stamp(clock.now())}
    store.put(doc, "ship", line_nos)
    _note(store, doc, "correction", line_nos, {"courier": courier, "no": number})


def _stop_when_claimed(line: Doc) -> None:
    found = line["claim"]
    if found and found["stage"] in ("requested", "accepted") and found["kind"] == "cancel":
        raise Refused("CANCEL_REQUESTED", "the buyer asked to cancel this line")


def _note(store: Store, doc: Doc, what: str, line_nos: list[str], detail: dict[str, Any]) -> None:
    for line_no in line_nos:
        store.did(doc["market"], doc["seller"], what, doc["order_no"], line_no, detail)
