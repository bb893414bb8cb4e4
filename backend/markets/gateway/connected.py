"""What the adapters share: a wire to the account's own address, what is told of products and questions, and access tokens
where the market hands some out."""

from datetime import datetime
from typing import Any, Protocol

from backend.inquiries.collected import CollectedInquiry
from backend.markets.feed_models import CommandKind
from backend.markets.gateway import shelf, tokens
from backend.markets.gateway.account import Account
from backend.markets.gateway.contract import Command, CredentialsRefused, NotUnderstood, Refused, Sent, Told
from backend.markets.gateway.http import Rejection, Wire
from backend.markets.gateway.reading import Row


class Goods(shelf.Shelf, Protocol):
    def stock(self, said: Row) -> Told:
        """How many of one option may be sold."""


class Questions(Protocol):
    def unanswered(self, since: datetime) -> list[CollectedInquiry]: ...

    def answer(self, said: Row) -> None: ...

    def has(self, said: Row) -> bool:
        """Whether that answer stands under the question already."""


class Connected:
    """An adapter says what it does with its `_goods` and `_questions`, and with what is about an order."""

    _goods: Goods
    _questions: Questions

    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account, self._wire = account, wire or Wire(account.url)

    def close(self) -> None:
        self._wire.close()

    def questions(self, since: datetime) -> list[CollectedInquiry]:
        try:
            return self._questions.unanswered(since)
        except Rejection as no:
            raise NotUnderstood(str(no)) from no

    def tell(self, command: Command) -> Told:
        said = command.payload
        try:
            if command.kind is CommandKind.LISTING:
                return shelf.tell(self._goods, said)
            if command.kind is CommandKind.STOCK:
                return self._goods.stock(said)
            if command.kind is CommandKind.ANSWER:
                self._questions.answer(said)
                return Sent()
            return self._tell_of_order(command)
        except Rejection as no:
            return Refused(str(no))

    def holds(self, command: Command) -> bool:
        """Of products the newest word counts, and telling it twice changes nothing."""
        if command.kind in (CommandKind.STOCK, CommandKind.LISTING):
            return False
        try:
            if command.kind is CommandKind.ANSWER:
                return self._questions.has(command.payload)
            return self._shows(command)
        except Rejection:
            return False

    def _tell_of_order(self, command: Command) -> Told:
        """An invoice, a status, a claim. Raises Rejection and GatewayError."""
        raise NotImplementedError

    def _shows(self, command: Command) -> bool:
        """Whether the order stands as the command would have it. Raises Rejection (it does not) and GatewayError."""
        raise NotImplementedError


class Tokened(Connected):
    """Carries a bearer token that is kept between processes and renewed in passing."""

    def _call(self, method: str, path: str, **given: Any) -> Row:
        """Once more with a fresh token where the kept one is refused."""
        try:
            return self._wire.call(method, path, headers=self._headers(), **given)
        except CredentialsRefused:
            return self._wire.call(method, path, headers=self._headers(renew=True), **given)

    def _headers(self, *, renew: bool = False) -> dict[str, str]:
        token = tokens.kept(self._account.shop_id, self._account.market)
        if renew or token is None or not token.lives():
            token = self._renewed(token)
            tokens.keep(self._account.shop_id, self._account.market, token)
        return {"Authorization": f"Bearer {token.access}"}

    def _renewed(self, token: tokens.Token | None) -> tokens.Token:
        """A new one in exchange for the kept one, if there is any. Raises CredentialsRefused."""
        raise NotImplementedError
