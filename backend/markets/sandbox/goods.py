"""What the sellers offer here, and how much of it may be sold."""

import json

from backend.markets.sandbox.flow import Refused
from backend.markets.sandbox.store import Doc, Store


def put(store: Store, market: str, seller: str, rows: list[Doc]) -> None:
    """`rows` hold product_no, code, name, option, price and quantity, and `off` where nobody may order it; what is there already is renewed."""
    with store.together():
        for row in rows:
            store.run(
                "insert into goods values (?, ?, ?, ?, ?, ?) on conflict (market, seller, product_no, code)"
                " do update set doc = excluded.doc",
                market, seller, str(row["product_no"]), row.get("code") or "",
                json.dumps({k: row.get(k) for k in ("name", "option", "price", "variant", "off")}, ensure_ascii=False),
                row.get("quantity", 100),
            )  # fmt: skip


def set_quantity(store: Store, market: str, seller: str, product_no: str, code: str, quantity: int) -> None:
    with store.together():
        touched = store.run(
            "update goods set quantity = ? where market = ? and seller = ? and product_no = ? and code = ?",
            quantity, market, seller, product_no, code,
        )  # fmt: skip
        if not touched:
            raise Refused("NOT_FOUND", f"no option {code} of product {product_no}")
        store.did(market, seller, "stock", None, None, {"product_no": product_no, "code": code, "quantity": quantity})


def create(store: Store, market: str, seller: str, code: str, doc: Doc, number: str) -> str:
    """The product's number; a second one under the same seller code is refused, as nobody wants two of it."""
    with store.together():
        if code and by_code(store, market, seller, code):
            raise Refused("ALREADY_EXISTS", f"{code} is on sale already")
        kept = json.dumps(doc, ensure_ascii=False)
        store.run("insert into goods values (?, ?, ?, ?, ?, 0)", market, seller, number, code, kept)
        store.did(market, seller, "listing", None, None, {"product_no": number, "code": code, "new": True})
    return number


def change(store: Store, market: str, seller: str, product_no: str, doc: Doc) -> None:
    with store.together():
        found = store.rows(
            "select code, doc from goods where market = ? and seller = ? and product_no = ? order by code",
            market,
            seller,
            product_no,
        )
        if not found:
            raise Refused("NOT_FOUND", f"no product {product_no}")
        for row in found:
            kept = json.dumps({**json.loads(row["doc"]), **doc}, ensure_ascii=False)
            store.run(
                "update goods set doc = ? where market = ? and seller = ? and product_no = ? and code = ?",
                kept, market, seller, product_no, row["code"],
            )  # fmt: skip
        store.did(market, seller, "listing", None, None, {"product_no": product_no, "new": False})


def by_code(store: Store, market: str, seller: str, code: str) -> Doc | None:
    found = store.rows("select * from goods where market = ? and seller = ? and code = ?", market, seller, code)
    return {"product_no": found[0]["product_no"], "doc": json.loads(found[0]["doc"])} if found else None


def by_variant(store: Store, market: str, seller: str, variant: str) -> Doc:
    """A good by the market's own number of the option; one without is numbered after its product."""
    for row in store.rows("select * from goods where market = ? and seller = ?", market, seller):
        if (json.loads(row["doc"]).get("variant") or f"7{row['product_no']}") == variant:
            return {"product_no": row["product_no"], "code": row["code"]}
    raise Refused("NOT_FOUND", f"no option {variant}")
