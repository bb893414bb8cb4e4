"""What every market adapter can do, and the ways in which a market may not.

GatewayError
├── CredentialsRefused   the market does not take our credentials: a person must renew them
├── Throttled            too many calls; `retry_after` seconds
├── Unreachable          no answer, or a 5xx: whether the call took effect is unknown
└── NotUnderstood        an answer that is none (a maintenance page, another shape)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from backend.inquiries.collected import CollectedInquiry
from backend.markets.feed_models import CommandKind
from backend.orders.collected import CollectedFeed


class GatewayError(Exception):
    code: ClassVar[str] = "unreachable"


class CredentialsRefused(GatewayError):
    code = "credentials_refused"


class Throttled(GatewayError):
    code = "throttled"

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many calls; again in {retry_after:.0f} s")
        self.retry_after = retry_after


class Unreachable(GatewayError):
    code = "unreachable"


class NotUnderstood(GatewayError):
    code = "not_understood"


@dataclass(frozen=True)
class Command:
    """Something to tell; `payload` by kind: order_no and line_no as the market wrote them, and what the kind needs (courier, tracking_no;
    status; claim_no, kind, answer; product_no, item_code, quantity; inquiry_no, text, asked_at;
    or what `listing_words` says of a listing)."""

    kind: CommandKind
    payload: dict[str, Any]
    key: str


@dataclass(frozen=True)
class Sent:
    """It took effect, now or (with `before`) when it was told earlier. `result` may name what the market made."""

    before: bool = False
    result: dict[str, Any] | None = None


@dataclass(frozen=True)
class Refused:
    """The market says no and will say no again; `reason` in its own words."""

    reason: str


Told = Sent | Refused


class MarketGateway(Protocol):
    def fetch(self, cursor: str | None) -> CollectedFeed:
        """The next page of what changed; `cursor` is the last one's, None the beginning. Raises GatewayError."""

    def questions(self, since: datetime) -> list[CollectedInquiry]:
        """What buyers asked since then and nobody answered; the same again each time. Raises GatewayError."""

    def tell(self, command: Command) -> Told:
        """Raises GatewayError when it could not be told, or nobody knows whether it was."""

    def holds(self, command: Command) -> bool:
        """Whether the market's own record shows it already: asked before anything is told again. Raises GatewayError."""

    def close(self) -> None:
        """Give the connections back."""
