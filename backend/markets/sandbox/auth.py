"""Who calls: OAuth tokens at Cafe24 and Naver, an HMAC over each call at Coupang, as the three document it.

Cafe24: Basic client, grant_type refresh_token, access two hours, refresh two weeks. Naver: client_credentials with
`client_secret_sign` and a timestamp of at most five minutes; the real sign is bcrypt with the secret as salt, here it is
an HMAC of the same text (the library is not ours to ship), which the adapter chooses by the secret's form. Coupang:
`CEA algorithm=HmacSHA256, access-key=…, signed-date=yyMMddTHHmmssZ, signature=…` over date + method + path + query.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

from backend.kit import clock
from backend.markets.sandbox.keys import client_of, refresh_token_of, secret_of
from backend.markets.sandbox.store import Store

VALID_FOR = timedelta(minutes=5)
ACCESS = {"cafe24": timedelta(hours=2), "naver": timedelta(hours=3)}
REFRESH = timedelta(days=14)
_CEA = re.compile(
    r"CEA algorithm=HmacSHA256, access-key=([^,]+), signed-date=(\d{6}T\d{6}Z), signature=([0-9a-f]{64})$"
)


class NotYou(Exception):
    """The credentials are wrong, too old or taken back."""


def is_refused(store: Store, market: str, seller: str) -> bool:
    return bool(store.rows("select 1 from refused where market = ? and seller = ?", market, seller))


def issue(store: Store, market: str, seller: str, kind: str) -> tuple[str, datetime]:
    until = clock.now() + (REFRESH if kind == "refresh" else ACCESS[market])
    token = token_urlsafe(24)
    store.run("insert into tokens values (?, ?, ?, ?, ?)", token, market, seller, kind, until.isoformat())
    return token, until


def seller_of_token(store: Store, market: str, header: str | None) -> str:
    token = (header or "").removeprefix("Bearer ").strip()
    found = store.rows("select * from tokens where token = ? and market = ? and kind = 'access'", token, market)
    if not found or datetime.fromisoformat(found[0]["until"]) <= clock.now():
        raise NotYou("invalid or expired token")
    seller = str(found[0]["seller"])
    if is_refused(store, market, seller):
        raise NotYou("the merchant's consent was taken back")
    return seller


def cafe24_tokens(store: Store, mall: str, basic: str | None, grant: str, refresh: str | None) -> dict[str, object]:
    wanted = base64.b64encode(f"{client_of('cafe24', mall)}:{secret_of('cafe24', mall)}".encode()).decode()
    known = refresh == refresh_token_of(mall) or bool(
        store.rows(
            "select 1 from tokens where token = ? and seller = ? and kind = 'refresh' and until > ?",
            refresh, mall, clock.now().isoformat(),
        )
    )  # fmt: skip
    if basic != f"Basic {wanted}" or grant != "refresh_token" or not known or is_refused(store, "cafe24", mall):
        raise NotYou("invalid_grant")
    access, until = issue(store, "cafe24", mall, "access")
    fresh, fresh_until = issue(store, "cafe24", mall, "refresh")
    return {
        "access_token": access, "expires_at": clock.seoul(until).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "refresh_token": fresh, "refresh_token_expires_at": clock.seoul(fresh_until).strftime("%Y-%m-%dT%H:%M:%S.000"),
        "client_id": client_of("cafe24", mall), "mall_id": mall, "scopes": ["mall.read_order", "mall.write_order"],
    }  # fmt: skip


def naver_sign(client_id: str, secret: str, timestamp: str) -> str:
    made = hmac.new(secret.encode(), f"{client_id}_{timestamp}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def naver_token(store: Store, form: dict[str, str]) -> dict[str, object]:
    client, timestamp = form.get("client_id", ""), form.get("timestamp", "0")
    seller = client.removeprefix("naver-")
    good = hmac.compare_digest(
        form.get("client_secret_sign", ""), naver_sign(client, secret_of("naver", seller), timestamp)
    )
    late = not timestamp.isdigit() or abs(clock.now().timestamp() * 1000 - int(timestamp)) > VALID_FOR / timedelta(
        milliseconds=1
    )
    if not good or late or form.get("grant_type") != "client_credentials" or is_refused(store, "naver", seller):
        raise NotYou("client_secret_sign does not fit")
    access, _ = issue(store, "naver", seller, "access")
    return {
        "access_token": access,
        "expires_in": int(ACCESS["naver"].total_seconds()),
        "token_type": "Bearer",
    }


def coupang_seller(store: Store, header: str | None, method: str, path: str, query: str) -> str:
    found = _CEA.match(header or "")
    if not found:
        raise NotYou("Unknown authorization format")
    access_key, signed, signature = found.groups()
    seller = access_key.removeprefix("coupang-")
    made = hmac.new(
        secret_of("coupang", seller).encode(), f"{signed}{method}{path}{query}".encode(), hashlib.sha256
    ).hexdigest()
    at = datetime.strptime(signed, "%y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(clock.now() - at) > VALID_FOR:
        raise NotYou("Specified signature is expired.")
    if not hmac.compare_digest(made, signature) or is_refused(store, "coupang", seller):
        raise NotYou("Invalid signature.")
    return seller
