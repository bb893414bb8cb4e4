"""Facts of the shop that a dialogue may claim, each read from the product itself."""

from collections.abc import Callable
from typing import Any

from tests.conversations.person import Person


def _off(person: Person) -> list[str]:
    """What is OFF: "main_display", "product_name@coupang", "area:promotion_crm", "market:coupang" or "everything"."""
    named = []
    for switch in person.api("/api/operations/off"):
        if switch["operation"]:
            named.append(switch["operation"] + (f"@{switch['market']}" if switch["market"] else ""))
        elif switch["area"]:
            named.append(f"area:{switch['area']}")
        else:
            named.append(f"market:{switch['market']}" if switch["market"] else "everything")
    return sorted(named)


def _requests(person: Person) -> list[str]:
    found = person.api("/api/work-requests")
    return sorted(f"{r['type']}:{r['state']}" for r in (found["items"] if isinstance(found, dict) else found))


def _live_coupons(person: Person) -> int:
    found = person.api("/api/coupons", state="live")
    return len(found["items"] if isinstance(found, dict) else found)


def _first_slots(person: Person) -> list[str]:
    """The product names in the recommended group, in order."""
    return [slot["name"] for slot in person.api("/api/display")[0]["slots"]]


def _pinned(person: Person) -> list[str]:
    return [f"{s['position']}:{s['name']}" for g in person.api("/api/display") for s in g["slots"] if s["pinned"]]


def _off_until(person: Person) -> list[str | None]:
    return [switch["until"] for switch in person.api("/api/operations/off")]


def _conversation(person: Person) -> str:
    return str(person.conversation["state"])


def _missing_setup(person: Person) -> list[str]:
    return sorted(item["key"] for item in person.api("/api/setup") if not item["done"])


FACTS: dict[str, Callable[[Person], Any]] = {
    "off": _off,
    "off_until": _off_until,
    "requests": _requests,
    "live_coupons": _live_coupons,
    "slots": _first_slots,
    "pinned": _pinned,
    "conversation": _conversation,
    "missing_setup": _missing_setup,
}
