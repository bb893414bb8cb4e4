"""What can go wrong between an action and the backend."""

from typing import Any


class BackendError(Exception):
    """The backend refused or did not answer; `code` selects the sentence, `data` fills it."""

    def __init__(self, code: str, data: dict[str, Any] | None = None, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.data = data or {}
        self.status = status
