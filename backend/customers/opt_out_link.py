"""The address of the way out: it names the customer and is signed, so that nobody can opt somebody else out."""

import hashlib
import hmac

from backend.settings import get_settings

SIGNED = 16  # characters of the signature: short enough for a text message, 64 bits


def link_of(customer_id: str) -> str:
    return f"{get_settings().base_url}/opt-out/{token_of(customer_id)}"


def token_of(customer_id: str) -> str:
    return f"{customer_id}.{_signature(customer_id)}"


def customer_of(token: str) -> str | None:
    """The id the token was made for; None when it was not made by us."""
    customer_id, _, signature = token.rpartition(".")
    return customer_id if hmac.compare_digest(signature.encode(), _signature(customer_id).encode()) else None


def _signature(customer_id: str) -> str:
    said = f"opt-out {customer_id}".encode()
    return hmac.new(get_settings().secret().encode(), said, hashlib.sha256).hexdigest()[:SIGNED]
