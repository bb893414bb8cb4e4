"""What the adapters share: a wire to the account's own address, and access tokens where the market hands some out."""

from typing import Any

from backend.markets.gateway import tokens
from backend.markets.gateway.account import Account
from backend.markets.gateway.contract import CredentialsRefused
from backend.markets.gateway.http import Wire
from backend.markets.gateway.reading import Row


class Connected:
    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account, self._wire = account, wire or Wire(account.url)

    def close(self) -> None:
        self._wire.close()


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
