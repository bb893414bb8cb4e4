"""Putting a product on sale and taking it off, the same way on every market: asked first, made once."""

from typing import Protocol

from backend.markets.gateway.contract import Sent
from backend.markets.gateway.http import Rejection
from backend.markets.gateway.reading import Row


class Shelf(Protocol):
    """One market's products; `said` is the payload of a LISTING command, each raises Rejection and GatewayError."""

    def find(self, said: Row) -> str | None:
        """The market's number of the product under the seller's own code."""

    def make(self, said: Row) -> str:
        """Put on sale as a new product; its number."""

    def change(self, number: str, said: Row) -> None:
        """The product as it is now, and on sale."""

    def end(self, number: str) -> None:
        """Nobody can order it any more."""


def tell(shelf: Shelf, said: Row) -> Sent:
    """A product under the same code is the same product: an answer that was lost, or another worker that was faster, makes
    no second one, and what the seller registered there by hand is left as it is."""
    number = said.get("product_no") or shelf.find(said)
    if not said.get("selling", True):
        return _ended(shelf, number)
    if said.get("product_no"):
        shelf.change(str(number), said)
    elif number is None:
        number = _made(shelf, said)
    return Sent(result={"product_no": str(number)})


def _made(shelf: Shelf, said: Row) -> str:
    try:
        return shelf.make(said)
    except Rejection:
        found = shelf.find(said)
        if found is None:
            raise
        return found


def _ended(shelf: Shelf, number: str | None) -> Sent:
    if number is None:
        return Sent(before=True)
    try:
        shelf.end(number)
    except Rejection as no:
        if no.status != 404:
            raise
    return Sent(result={"product_no": str(number)})
