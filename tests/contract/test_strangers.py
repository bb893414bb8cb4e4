"""Nobody meets another shop, and nobody comes in without the right token; a route that is not listed here fails."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from fastapi.testclient import TestClient

from backend.access import tokens
from backend.access.permissions import ROLE_PERMISSIONS
from backend.app import create_app
from backend.db.engine import unit_of_work
from backend.desk.models import StaffRole
from backend.errors import PROBLEM
from backend.kit.weeks import week_of
from backend.plans import kinds
from backend.plans.models import Plan
from backend.settings import get_settings
from backend.shops.models import Role
from tests.backend.conftest import NOW
from tests.contract.seeded_shop import Served, served

#: routes that name one thing of a shop: what of the other shop is put there
NAMED = {
    "GET /api/plans/{plan_id}": "plan",
    "POST /api/plans/{plan_id}/confirm": "plan",
    "POST /api/plans/{plan_id}/discard": "plan",
    "GET /api/operations/runs/{run_id}": "run",
    "GET /api/work-requests/{number}": "number",
    "GET /api/inquiries/{inquiry_id}": "inquiry",
    "GET /api/markets/collections/{collection_id}": "collection",
    "POST /api/work-requests/{number}/comments": "number",
    "GET /api/inventory/items/{item_id}": "item",
    "GET /api/inventory/items/{item_id}/movements": "item",
    "GET /api/inventory/imports/{import_id}": "stock_import",
    "GET /api/inventory/imports/{import_id}/rows": "stock_import",
    "GET /api/inventory/imports/{import_id}/results": "stock_import",
    "POST /api/inventory/barcodes": "item",
    "GET /api/orders/{order_id}": "order",
    "GET /api/orders/{order_id}/explain": "order",
    "GET /api/shipping/parcels/{shipment_id}": "parcel",
    "GET /api/claims/{claim_id}": "claim",
    "GET /api/purchasing/orders/{purchase_id}": "purchase",
    "GET /api/purchasing/orders/{purchase_id}/sheet": "purchase",
}
#: routes that tell of the whole shop, with the things of the other shop they can be asked about
WHOLE = {
    "GET /api/me": {},
    "GET /api/operations": {},
    "GET /api/operations/runs": {"product_id": "product"},
    "GET /api/operations/latest-run": {"product_id": "product"},
    "GET /api/operations/explain": {"product_id": "product"},
    "GET /api/operations/gate": {},
    "GET /api/operations/schedule": {},
    "GET /api/operations/off": {"ended": "product"},
    "GET /api/setup": {},
    "POST /api/setup/{key}/check": {},
    "GET /api/display": {},
    "GET /api/display/next": {"group": "group"},
    "GET /api/products": {"query": "product"},
    "GET /api/products/find": {"text": "product"},
    "GET /api/coupons": {},
    "GET /api/coupons/costs": {},
    "GET /api/markets": {},
    "GET /api/markets/feeds": {},
    "GET /api/markets/collections": {},
    "GET /api/markets/commands": {},
    "GET /api/work-requests/catalog": {},
    "GET /api/work-requests": {},
    "GET /api/deals": {},
    "GET /api/customer-messages": {},
    "GET /api/addon-credit": {},
    "GET /api/inquiries": {},
    "GET /api/reports/weekly": {},
    "GET /api/reports/weekly/{monday}": {},
    "GET /api/reports/weekly/{monday}/page": {},
    "GET /api/inquiries/find": {"text": "product"},
    "GET /api/customer-messages/summary": {},
    "GET /api/inventory/settings": {},
    "GET /api/inventory/settings/find": {"text": "product"},
    "GET /api/inventory/settings/{setting}": {},
    "GET /api/inventory/reset": {},
    "GET /api/inventory/items": {"text": "item", "product_id": "product", "supplier_id": "supplier"},
    "GET /api/inventory/items/find": {"text": "item", "product_id": "product"},
    "GET /api/inventory/low": {},
    "GET /api/inventory/movements": {"product_id": "product"},
    "GET /api/inventory/inbounds": {"item_id": "item", "product_id": "product"},
    "GET /api/inventory/suppliers": {},
    "GET /api/inventory/movement-types": {},
    "GET /api/inventory/imports/template": {},
    "GET /api/orders": {
        "text": "order_number",
        "order_no": "order_number",
        "product": "their_name",
        "buyer": "their_name",
    },
    "GET /api/orders/find": {"text": "order_number"},
    "GET /api/orders/unmatched": {},
    "GET /api/orders/stuck": {},
    "GET /api/orders/mergeable": {},
    "GET /api/orders/gift-rules": {},
    "GET /api/shipping/couriers": {},
    "GET /api/shipping/parcels": {"text": "parcel"},
    "GET /api/shipping/delayed": {},
    "GET /api/shipping/labels": {"unprinted": "=true", "shipment_id": "parcel", "order_id": "order"},
    "GET /api/claims": {"order_id": "order", "text": "order"},
    "GET /api/purchasing/shortages": {"supplier_id": "supplier"},
    "GET /api/purchasing/orders": {"supplier_id": "supplier"},
    "GET /api/overseas/countries": {},
    "GET /api/overseas/quote": {"country": "=JP", "order_id": "order"},
    "GET /api/inventory/imports/page": {},
}
#: lists that are handed in: what stands in them is looked for in the own shop only (tests/backend/shipping/test_pasted.py)
HANDED_IN = {"POST /api/shipping/invoices/read", "POST /api/shipping/invoices/read-file"}
#: of the whole shop as well, but no text: what it says is what the page says
AS_FILE = {"GET /api/reports/weekly/{monday}/pdf", "POST /api/inventory/imports"}
#: plan kinds that name one thing of a shop; None: the kind names nothing
PLANS: dict[str, list[dict[str, Any]] | None] = {
    "ops.off": None,
    "setup.complete": None,
    "ops.on": [{"switch_id": "switch"}],
    "ops.off_period": [{"switch_id": "switch", "for_good": "=true"}],
    "ops.postpone": [{"run_id": "waiting_run", "to": "=2026-11-25"}],
    "inventory_setting.change": None,
    "accounts.refresh": None,
    "orders.reset": None,
    "undo": [
        {"source_type": "=plan", "source_id": "executed_plan"},
        {"source_type": "=run", "source_id": "run"},
        {"source_type": "=plan", "source_id": "executed_plan", "target_ids": "=[]"},
    ],
    "display.pin": [
        {"product_id": "product", "position": "=1"},
        {"product_id": "own:product", "position": "=1", "group": "group"},
    ],
    "display.unpin": [{"product_id": "product"}, {"product_id": "own:product", "group": "group"}],
    "coupon.stop": [{"coupon_id": "coupon"}],
    "customer_messages.stop": None,
    "deal.answer": [{"proposal_id": "deal", "accept": "=true"}],
    "inquiry.send_draft": [{"inquiry_id": "inquiry"}],
    "order.match": [
        {"line_ids": "[order_line]", "item_id": "own:order_item"},
        {"line_ids": "[own:order_line]", "item_id": "order_item"},
    ],
    "orders.rematch": None,
    "order.allocate": [{"order_ids": "[order]"}],
    "order.deallocate": [{"order_ids": "[order]"}, {"shipment_id": "parcel"}],
    "order.hold": [{"order_id": "order"}, {"shipment_id": "parcel"}],
    "order.release": [{"order_id": "order_held"}, {"shipment_id": "parcel"}],
    "order.merge_lock": [{"order_id": "order", "forbidden": "=true"}],
    "order.merge": [{"order_ids": "[own:order,order]"}, {"shipment_ids": "[own:parcel,parcel]"}],
    "order.split": [{"lines": "pieces"}],
    "order.remove": [{"order_id": "order"}],
    "order.restore": [{"order_id": "order"}],
    "order.note": [{"order_id": "order", "text": "=x"}],
    "gift_rule.create": [
        {"name": "=x", "item_id": "gift_item"},
        {"name": "=x", "item_id": "own:gift_item", "product_ids": "[product]"},
    ],
    "gift_rule.stop": [{"rule_id": "gift_rule"}],
    "work_request.create": [{"type": "=product_correct", "fields": "product_fields"}],
    "work_request.withdraw": [{"number": "number"}],
    "stock.adjust": [
        {"way": "=receive", "lines": "lines:quantity:item"},
        {"way": "=correct", "lines": "lines:to:item"},
        {"way": "=issue", "lines": "lines:quantity:own:item", "type_id": "movement_type"},
    ],
    "stock.import": [{"import_id": "stock_import"}],
    "inbound.create": [
        {"lines": "lines:quantity:item", "due_on": "=2026-12-01"},
        {"lines": "lines:quantity:own:item", "due_on": "=2026-12-01", "supplier_id": "supplier"},
    ],
    "inbound.receive": [{"inbound_id": "inbound"}],
    "inbound.change": [{"inbound_id": "inbound", "cancel": "=true"}],
    "item.update": [
        {"item_ids": "list:item", "safety": "=1"},
        {"item_ids": "list:own:item", "supplier_id": "supplier"},
    ],
    "item.remove": [{"item_ids": "list:item"}],
    "items.sync": [{"product_ids": "list:product"}],
    "movement_type.create": None,
    "movement_type.change": [{"type_id": "movement_type", "active": "=false"}],
    "barcode.assign": [{"item_ids": "list:item"}],
    "orders.collect": None,
    "market_command.retry": [{"command_id": "market_command"}],
    "invoice.register": [{"items": "invoice_of_parcel"}, {"items": "invoice_of_order"}],
    "invoice.change": [
        {"shipment_id": "parcel", "tracking_no": "=612345678901"},
        {"order_id": "order", "tracking_no": "=612345678901"},
    ],
    "shipment.ship": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
    "shipment.deliver": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
    "labels.mark_printed": [{"shipment_ids": "[parcel]"}, {"order_ids": "[order]"}],
    "order.cancel": [{"order_id": "order"}, {"line_id": "line"}],
    "order.return": [{"line_id": "line"}],
    "order.exchange": [{"line_id": "line", "item_id": "own:goods"}, {"line_id": "own:line", "item_id": "goods"}],
    "claim.accept": [{"claim_id": "claim"}],
    "claim.reject": [{"claim_id": "claim"}],
    "claim.withdraw": [{"claim_id": "claim"}],
    "claim.collect": [{"claim_id": "claim"}],
    "claim.inspect": [{"claim_id": "claim", "outcomes": "no_outcomes"}],
    "claim.finish": [{"claim_id": "claim"}],
    "purchase_order.create": [
        {"supplier_id": "supplier"},
        {"supplier_id": "own:goods_supplier", "lines": "line_of_item"},
    ],
    "purchase_order.place": [{"purchase_order_id": "purchase"}],
    "purchase_order.receive": [{"purchase_order_id": "purchase"}],
    "purchase_order.cancel": [{"purchase_order_id": "purchase"}],
    "overseas_rate.change": None,
}
#: routes whose conversation is the token's own: there is nothing to name
OWN_CONVERSATION = {
    "POST /api/conversation/handoff", "GET /api/conversation/queue", "POST /api/conversation/rating",
    "POST /api/conversation/priority", "GET /api/conversation/hours", "POST /chat/messages", "GET /chat/messages",
    "GET /chat/events", "POST /chat/read", "POST /chat/handoff",
}  # fmt: skip
OPEN = {"GET /health", "GET /ready", "POST /chat/sessions", "POST /desk/login", "POST /desk/logout"}
PLAN = "POST /api/plans"
THIS_MONDAY = week_of(NOW.date()).monday.isoformat()

DESCRIBED = create_app().openapi()
ROUTES = {
    f"{method.upper()} {path}": op for path, methods in DESCRIBED["paths"].items() for method, op in methods.items()
}
DESK = {route for route in ROUTES if " /desk/" in route} - OPEN
CLOSED = sorted(ROUTES.keys() - OPEN)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("strangers")) as made:
        with TestClient(made.app, headers=bearer(made.session_token("other"))) as theirs:
            # numbers count in each shop: the other shop gets one that this shop has not
            params = {"type": "category_tidy", "fields": {"content": "secret of other", "scope": "mall"}}
            plan = theirs.post("/api/plans", json={"kind": "work_request.create", "params": params}).json()
            done = theirs.post(f"/api/plans/{plan['id']}/confirm", headers={"Idempotency-Key": "second"}).json()
            made.ids["other"]["number"] = str(done["result"]["number"])
            assert made.ids["other"]["number"] != made.ids["oneul"]["number"]
        yield made


@pytest.fixture(scope="module")
def http(shop: Served) -> Iterator[TestClient]:
    with TestClient(shop.app) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(http: TestClient, route: str, token: str | None, path_value: str = "x", **given: Any) -> Any:
    method, path = route.split(" ")
    path = path.replace("{monday}", THIS_MONDAY).replace("{setting}", "allocation_basis")
    path = re.sub(r"\{\w+\}", path_value, path)
    assert "{" not in path
    headers = {"Idempotency-Key": "k", **(bearer(token) if token else {})}
    if route in ("GET /api/inventory/imports/template", "POST /api/inventory/imports"):
        given = {"params": {"kind": "receive"}}
    if route == "POST /api/inventory/barcodes":
        given = {"json": {"items": [{"item_id": path_value}]}}
    return http.request(method, path, headers=headers, **given)


def test_every_route_is_listed_here() -> None:
    listed = NAMED.keys() | WHOLE.keys() | HANDED_IN | AS_FILE | OWN_CONVERSATION | OPEN | DESK | {PLAN}
    assert ROUTES.keys() == listed


#: query parameters that name no thing of a shop: how many, how sorted, of which state, of which day
NAMES_NOTHING = frozenset({
    "at_most", "code", "country", "ended", "flag", "from", "handled", "key", "kind", "label", "limit", "made_by", "market", "offset",
    "open", "operation", "reason", "section", "state", "tag", "to", "unprinted", "weight", "which", "raw_code",
})  # fmt: skip


def test_every_query_that_names_a_thing_is_tried() -> None:
    untried = {
        (route, asked["name"])
        for route, tried in WHOLE.items()
        for asked in ROUTES[route].get("parameters", [])
        if asked["in"] == "query" and asked["name"] not in NAMES_NOTHING | tried.keys()
    }
    assert untried == set()


def test_every_plan_kind_is_listed_here() -> None:
    assert kinds.names() == PLANS.keys()


@pytest.mark.parametrize("route", sorted(NAMED))
def test_a_strangers_thing_does_not_exist(route: str, http: TestClient, shop: Served) -> None:
    theirs, key = shop.ids["other"][NAMED[route]], NAMED[route]
    body = {"json": {"text": "hello"}} if route.endswith("/comments") else {}
    refused = ask(http, route, shop.session_token("oneul"), theirs, **body)
    assert (refused.status_code, refused.headers["content-type"]) == (404, PROBLEM)
    assert ask(http, route, shop.turn_token("oneul"), theirs, **body).status_code == 404
    absent = ask(http, route, shop.session_token("oneul"), "99999" if key == "number" else "plan_none", **body)
    assert {**absent.json(), "number": 0} == {**refused.json(), "number": 0}
    with unit_of_work(write=False) as session:
        assert session.get_one(Plan, shop.ids["other"]["plan"]).state.value == "previewed"


@pytest.mark.parametrize("route", sorted(NAMED))
def test_the_own_thing_is_there(route: str, http: TestClient, shop: Served) -> None:
    """The counterpart: what answers 404 above answers for its owner."""
    body = {"json": {"text": "hello"}} if route.endswith("/comments") else {}
    key = "executed_plan" if route.endswith("/confirm") else NAMED[route]
    assert ask(http, route, shop.session_token("oneul"), shop.ids["oneul"][key], **body).is_success


@pytest.mark.parametrize("kind", sorted(kind for kind, tries in PLANS.items() if tries))
def test_no_plan_reaches_a_strangers_thing(kind: str, http: TestClient, shop: Served) -> None:
    for tried in PLANS[kind] or []:
        params = {name: value_of(said, shop) for name, said in tried.items()}
        refused = ask(http, PLAN, shop.session_token("oneul"), json={"kind": kind, "params": params})
        assert refused.status_code == (422 if kind == "work_request.create" else 404), refused.text
        if kind == "work_request.create":
            assert {"field": "product", "problem": "product_unknown"} in refused.json()["fields"]


def value_of(said: str, shop: Served) -> Any:
    if said.startswith("="):
        return {"[]": [], "1": 1}.get(said[1:], said[1:])
    if said.startswith("["):
        return [value_of(one, shop) for one in said[1:-1].split(",")]
    if said == "pieces":
        return [{"line_id": shop.ids["other"]["order_line"], "quantity": 1}]
    if said.startswith("own:"):
        return shop.ids["oneul"][said[4:]]
    if said.startswith("list:"):
        return [value_of(said[5:], shop)]
    if said.startswith("lines:"):
        _, number, thing = said.split(":", 2)
        return [{"item_id": value_of(thing, shop), number: 1}]
    if said.startswith("["):
        return [shop.ids["other"][said[1:-1]]]
    if said.startswith("invoice_of_"):
        named = {"parcel": "shipment_id", "order": "order_id"}[said[11:]]
        return [{named: shop.ids["other"][said[11:]], "courier": "cj", "tracking_no": "612345678901"}]
    if said == "line_of_item":
        return [{"item_id": shop.ids["other"]["goods"], "quantity": 1}]
    if said == "no_outcomes":
        return {}
    if said == "product_fields":
        return {"product": shop.ids["other"]["product"], "item": "price", "content": "x"}
    return shop.ids["other"][said]


@pytest.mark.parametrize("route", sorted(WHOLE))
def test_nothing_of_another_shop_is_told(route: str, http: TestClient, shop: Served) -> None:
    asked = {
        name: "true" if name == "ended" else thing[1:] if thing.startswith("=") else shop.ids["other"][thing]
        for name, thing in WHOLE[route].items()
    }
    needed = {name: value for name, value in asked.items() if WHOLE[route][name].startswith("=")}
    for query in (needed, *({**needed, name: value} for name, value in asked.items() if name not in needed)):
        given = {"text": "x", **query} if route.endswith("/find") else query
        answer = ask(http, route, shop.session_token("oneul"), "brand_info", params=given)
        assert answer.status_code in ((200, 404) if query != needed else (200,)), answer.text
        told = answer.text.replace(asked.get("group", "-"), "") if answer.status_code == 404 else answer.text
        theirs = {value for key, value in shop.ids["other"].items() if key != "number"} | {
            "secret of other",
            "other 상점",
        }
        assert not {value for value in theirs if value in told}


def test_the_chat_tells_only_its_own(http: TestClient, shop: Served) -> None:
    for member, said in (("owner", True), ("sub", False)):
        thread = http.get("/chat/messages", headers=bearer(shop.session_token("oneul", member)))
        assert thread.status_code == 200
        assert ("secret of oneul" in thread.text) is said
        assert "secret of other" not in thread.text


def test_a_token_for_someone_elses_conversation_opens_nothing(http: TestClient, shop: Served) -> None:
    for theirs in (shop.ids["other"]["conversation"], shop.ids["oneul"]["conversation_of_sub"]):
        crossed = tokens.issue("session", "mem_oneul_owner", tokens.SESSION_FOR, conversation=theirs)
        for route in sorted(OWN_CONVERSATION - {"GET /api/conversation/hours"}):
            body = {"json": {"client_id": "c", "text": "x", "seq": 0, "rating": 5}} if route.startswith("POST") else {}
            assert ask(http, route, crossed, **body).status_code == 404, route


def refused_tokens(route: str, shop: Served) -> dict[str, tuple[str | None, str]]:
    """Each with the code of its refusal."""
    fitting = "staff" if route in DESK else "session"
    subject = "stf_ops" if route in DESK else "mem_oneul_owner"
    talk = {"conversation": shop.ids["oneul"]["conversation"]}
    good = tokens.issue(fitting, subject, tokens.SESSION_FOR, **talk)
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    other_body = jwt.encode({**claims, "sub": "mem_other_owner"}, "k" * 40, "HS256").split(".")[1]
    wrong = {"identity", "refresh"} | ({"session", "turn"} if route in DESK else {"staff"})
    wrong |= {"turn"} if " /chat/" in route else set()
    return {
        "none": (None, "unauthenticated"),
        "nonsense": ("nonsense", "unauthenticated"),
        "empty claims": (jwt.encode({}, get_settings().secret(), "HS256"), "unauthenticated"),
        "tampered body": (f"{head}.{other_body}.{signature}", "unauthenticated"),
        "tampered signature": (f"{head}.{body}.{signature[:-4]}AAAA", "unauthenticated"),
        "another key": (jwt.encode(claims, "another-secret-another-secret-another-secret", "HS256"), "unauthenticated"),
        "no signature": (jwt.encode(claims, None, "none"), "unauthenticated"),
        "expired": (tokens.issue(fitting, subject, timedelta(seconds=-1), **talk), "token_expired"),
        "of nobody": (tokens.issue(fitting, "mem_gone", tokens.SESSION_FOR, **talk), "unauthenticated"),
        "a mall's identity": (
            tokens.issue_identity("oneul", "owner", "identity-secret-of-oneul-0123456789"),
            "unauthenticated",
        ),
    } | {
        f"for {audience}": (tokens.issue(audience, subject, tokens.SESSION_FOR, **talk), "unauthenticated")
        for audience in sorted(wrong)
    }


@pytest.mark.parametrize("route", CLOSED)
def test_a_token_that_does_not_fit_is_refused_everywhere(route: str, http: TestClient, shop: Served) -> None:
    for why, (token, code) in refused_tokens(route, shop).items():
        answer = ask(http, route, token)
        assert answer.status_code == 401, (why, answer.text)
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["code"] == code, why


@pytest.mark.parametrize("route", CLOSED)
def test_a_closed_route_says_so_in_the_description(route: str) -> None:
    assert ROUTES[route]["security"]
    assert "401" in ROUTES[route]["responses"]


def test_a_turn_acts_for_its_member_but_writes_nothing_into_the_thread(http: TestClient, shop: Served) -> None:
    turn = shop.turn_token()
    assert http.get("/api/me", headers=bearer(turn)).json()["member"]["id"] == "mem_oneul_owner"
    said = {"client_id": "forged", "text": "forged"}
    assert http.post("/chat/messages", json=said, headers=bearer(turn)).status_code == 401


#: what a member without any right may still do: know who they are, and talk in their own conversation
NEEDS_NO_RIGHT = {"GET /api/me"} | {route for route in OWN_CONVERSATION if route != "POST /chat/messages"}


@pytest.mark.parametrize(
    "route", sorted((NAMED.keys() | WHOLE.keys() | AS_FILE | {"POST /chat/messages"}) - NEEDS_NO_RIGHT)
)
def test_without_the_right_the_answer_names_it(
    route: str, http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.SUB_OPERATOR, frozenset())
    key = NAMED.get(route)
    value = shop.ids["oneul"][key] if key else "brand_info"
    given = {"json": {"client_id": "c", "text": "x"}} if route.startswith("POST") else {"params": {"text": "x"}}
    refused = ask(http, route, shop.session_token("oneul", "sub"), value, **given)
    assert refused.status_code == 403, refused.text
    assert refused.json()["permission"] == {
        "POST /api/work-requests/{number}/comments": "work_requests:create", "POST /chat/messages": "chat:write",
        "POST /api/inventory/imports": "stock:move", "GET /api/inventory/imports/page": "stock:move",
    }.get(route, "shop:read")  # fmt: skip


@pytest.mark.parametrize(("kind", "params", "permission"), [
    ("ops.off", {"area": "promotion_crm"}, "operations:switch_all"),
    ("ops.off", {"market": "coupang"}, "operations:switch_all"),
    ("ops.off", {"everything": True}, "operations:switch_all"),
    ("ops.on", {"everything": True}, "operations:switch_all"),
    ("setup.complete", {"item": "mail_sender", "value": "a@b.example"}, "setup:complete"),
])  # fmt: skip
def test_a_sub_operator_is_told_what_only_the_owner_may(
    kind: str, params: dict[str, Any], permission: str, http: TestClient, shop: Served
) -> None:
    refused = ask(http, PLAN, shop.session_token("oneul", "sub"), json={"kind": kind, "params": params})
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)


#: what each kind needs: one wish of it, and the right a member without any is told of
RIGHTS: list[tuple[str, dict[str, Any], str]] = [
    ("ops.off", {"operation": "main_display"}, "operations:switch"),
    ("ops.on", {"operation": "smartstore_seo"}, "operations:switch"),
    ("ops.off_period", {"switch_id": "switch", "for_good": True}, "operations:switch"),
    ("ops.postpone", {"run_id": "waiting_run", "to": "2026-11-25"}, "operations:switch"),
    ("undo", {"source_type": "plan", "source_id": "executed_plan"}, "operations:undo"),
    ("display.pin", {"product_id": "product", "position": 1}, "display:pin"),
    ("display.unpin", {"product_id": "product"}, "display:pin"),
    ("coupon.stop", {"coupon_id": "coupon"}, "coupons:stop"),
    ("deal.answer", {"proposal_id": "deal", "accept": True}, "deals:answer"),
    ("inquiry.send_draft", {"inquiry_id": "inquiry"}, "inquiries:answer"),
    ("setup.complete", {"item": "mail_sender", "value": "a@b.example"}, "setup:complete"),
    ("order.match", {"item_id": "order_item", "line_ids": ["x"]}, "orders:handle"),
    ("orders.rematch", {}, "orders:handle"),
    ("order.allocate", {"all": True}, "orders:handle"),
    ("order.deallocate", {"shipment_id": "parcel"}, "orders:handle"),
    ("order.hold", {"order_id": "order"}, "orders:handle"),
    ("order.release", {"order_id": "order_held"}, "orders:handle"),
    ("order.merge_lock", {"order_id": "order", "forbidden": True}, "orders:handle"),
    ("order.merge", {"order_ids": ["x"]}, "orders:handle"),
    ("order.split", {"lines": [{"line_id": "x"}]}, "orders:handle"),
    ("order.remove", {"order_id": "order"}, "orders:handle"),
    ("order.restore", {"order_id": "order"}, "orders:handle"),
    ("order.note", {"order_id": "order", "text": "x"}, "orders:handle"),
    ("gift_rule.create", {"name": "x", "item_id": "gift_item"}, "orders:handle"),
    ("gift_rule.stop", {"rule_id": "gift_rule"}, "orders:handle"),
    ("work_request.create", {"type": "category_tidy", "fields": {"content": "x"}}, "work_requests:create"),
    ("work_request.withdraw", {"number": 1}, "work_requests:withdraw"),
    ("stock.adjust", {"way": "receive", "lines": [{"item_id": "itm_oneul_1", "quantity": 1}]}, "stock:move"),
    ("stock.import", {"import_id": "stock_import"}, "stock:move"),
    ("inbound.create", {"lines": [{"item_id": "itm_oneul_1", "quantity": 1}], "due_on": "2026-12-01"}, "stock:move"),
    ("inbound.receive", {"inbound_id": "inbound"}, "stock:move"),
    ("inbound.change", {"inbound_id": "inbound", "cancel": True}, "stock:move"),
    ("item.update", {"item_ids": ["itm_oneul_1"], "safety": 9}, "stock:move"),
    ("item.remove", {"item_ids": ["itm_oneul_1"]}, "stock:move"),
    ("items.sync", {}, "stock:move"),
    ("barcode.assign", {}, "stock:move"),
    ("movement_type.create", {"name": "x", "direction": "in"}, "inventory_settings:change"),
    ("movement_type.change", {"type_id": "movement_type", "active": False}, "inventory_settings:change"),
    ("orders.collect", {}, "orders:handle"),
    ("market_command.retry", {}, "orders:handle"),
    ("customer_messages.stop", {}, "customer_messages:stop"),
    ("inventory_setting.change", {"key": "overdue_display", "value": False}, "inventory_settings:change"),
    ("accounts.refresh", {}, "inventory_settings:change"),
    ("overseas_rate.change", {"country": "JP", "reset": True}, "inventory_settings:change"),
    ("invoice.register", {"items": [{"order_id": "x", "courier": "cj", "tracking_no": "612345678901"}]}, "orders:handle"),
    ("invoice.change", {"order_id": "order", "tracking_no": "612345678901"}, "orders:handle"),
    ("shipment.ship", {"order_ids": ["x"]}, "orders:handle"),
    ("shipment.deliver", {"order_ids": ["x"]}, "orders:handle"),
    ("labels.mark_printed", {"order_ids": ["x"]}, "orders:handle"),
    ("order.cancel", {"order_id": "order"}, "orders:claim"),
    ("order.return", {"line_id": "sent_line"}, "orders:claim"),
    ("order.exchange", {"line_id": "sent_line", "item_id": "other_goods"}, "orders:claim"),
    ("claim.accept", {"claim_id": "claim"}, "orders:claim"),
    ("claim.reject", {"claim_id": "claim"}, "orders:claim"),
    ("claim.withdraw", {"claim_id": "claim"}, "orders:claim"),
    ("claim.collect", {"claim_id": "claim"}, "orders:claim"),
    ("claim.inspect", {"claim_id": "claim", "outcomes": {}}, "orders:claim"),
    ("claim.finish", {"claim_id": "claim"}, "orders:claim"),
    ("purchase_order.create", {"supplier_id": "goods_supplier"}, "purchasing:write"),
    ("purchase_order.place", {"purchase_order_id": "purchase"}, "purchasing:write"),
    ("purchase_order.receive", {"purchase_order_id": "purchase"}, "purchasing:write"),
    ("purchase_order.cancel", {"purchase_order_id": "draft_purchase"}, "purchasing:write"),
]  # fmt: skip


def test_the_right_of_every_plan_kind_is_tried() -> None:
    own_refusal = {"orders.reset"}  # tests/backend/inventory_settings/test_reset.py
    assert {kind for kind, _, _ in RIGHTS} == kinds.names() - own_refusal


@pytest.mark.parametrize(("kind", "params", "permission"), RIGHTS)
def test_every_plan_needs_a_right(
    kind: str, params: dict[str, Any], permission: str, http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.SUB_OPERATOR, frozenset())
    real = {
        name: shop.ids["oneul"].get(value, value) if isinstance(value, str) else value for name, value in params.items()
    }
    real |= {"source_type": "plan"} if kind == "undo" else {}
    refused = ask(http, PLAN, shop.session_token("oneul", "sub"), json={"kind": kind, "params": real})
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)


def test_an_agent_may_not_do_the_operations_teams_work(http: TestClient, shop: Served) -> None:
    route, request = "POST /desk/work-requests/{request_id}/advance", shop.ids["oneul"]["request"]
    refused = ask(http, route, shop.staff_token("stf_agent"), request, json={"state": "accepted"})
    assert (refused.status_code, refused.json()["permission"]) == (403, "work_requests:advance")


def test_staff_without_the_right_to_answer_may_not(
    http: TestClient, shop: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLE_PERMISSIONS, StaffRole.AGENT, frozenset())
    for step in ("claim", "reply", "typing", "give-back", "resolve", "snooze"):
        route = f"POST /desk/conversations/{{conversation_id}}/{step}"
        body = {"json": {"text": "x", "client_id": "c"}} if step == "reply" else {}
        refused = ask(http, route, shop.staff_token("stf_agent"), shop.ids["oneul"]["conversation"], **body)
        assert (refused.status_code, refused.json()["permission"]) == (403, "desk:answer")
