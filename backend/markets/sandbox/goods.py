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


def by_variant(store: Store, market: str, seller: str, variant: str) -> Doc:
    """A good by the market's own number of the option; one without is numbered after its product."""
    for row in store.rows("select * from goods where market = ? and seller = ?", market, seller):
        if (json.loads(row["doc"]).get("variant") or f"7{row['product_no']}") == variant:
            return {"product_no": row["product_no"], "code": row["code"]}
    raise Refused("NOT_FOUND", f"no option {variant}")


def create(store: Store, market: str, seller: str, number: str, doc: Doc, options: list[Doc]) -> str:
    """The product's number; a second one under the same seller code is refused, as nobody wants two of it."""
    with store.together():
        for code in {doc.get("seller_code"), *(option["code"] for option in options)} - {None, ""}:
            if by_code(store, market, seller, str(code)):
                raise Refused("ALREADY_EXISTS", f"{code} is on sale already")
        for part, option in enumerate(options, 1):
            kept = {**doc, "option": option["option"], "variant": f"{number}{part:02}"}
            store.run(
                "insert into goods values (?, ?, ?, ?, ?, ?)",
                market, seller, number, option["code"], json.dumps(kept, ensure_ascii=False), option["quantity"],
            )  # fmt: skip
        told = {"product_no": number, "code": doc.get("seller_code") or options[0]["code"], "new": True}
        store.did(market, seller, "listing", None, None, told)
    return number


def change(store: Store, market: str, seller: str, product_no: str, doc: Doc) -> None:
    """All its options, in what is said of the product; `off` is noted as the end or the beginning of its sale."""
    with store.together():
        found = of_product(store, market, seller, product_no)
        for row in found:
            kept = json.dumps({**row["doc"], **doc}, ensure_ascii=False)
            store.run(
                "update goods set doc = ? where market = ? and seller = ? and product_no = ? and code = ?",
                kept, market, seller, product_no, row["code"],
            )  # fmt: skip
        told = {"product_no": product_no, "new": False} | ({"off": doc["off"]} if "off" in doc else {})
        store.did(market, seller, "listing", None, None, told)


def of_product(store: Store, market: str, seller: str, product_no: str) -> list[Doc]:
    """Its options; raises Refused where there is no such product."""
    found = store.rows(
        "select * from goods where market = ? and seller = ? and product_no = ? order by code",
        market,
        seller,
        product_no,
    )
    if not found:
        raise Refused("NOT_FOUND", f"no product {product_no}")
    return [{**dict(row), "doc": json.loads(row["doc"])} for row in found]


def by_code(store: Store, market: str, seller: str, code: str) -> Doc | None:
    """By an option's code or the product's own."""
    found = store.rows(
        "select * from goods where market = ? and seller = ? and (code = ? or json_extract(doc, '$.seller_code') = ?)"
        " order by code", market, seller, code, code,
    )  # fmt: skip
    return {"product_no": found[0]["product_no"], "doc": json.loads(found[0]["doc"])} if found else None
