"""What every part of the client shares: the turn token, and a GET or POST with it."""

from typing import Any

from actions.client.http import call

Json = dict[str, Any]


class Caller:
    """Acts as the member of one conversation, for the length of one turn."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def _get(self, path: str, **params: Any) -> Any:
        """A parameter that is a Python word is written with an underscore behind it (`from_`)."""
        renamed = {k.rstrip("_"): v for k, v in params.items()}
        return await call(self._token, "GET", path, params=renamed)

    async def _post(self, path: str, body: Any = None, **headers: str) -> Any:
        return await call(self._token, "POST", path, body=body, headers=headers)
