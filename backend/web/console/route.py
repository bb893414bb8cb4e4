"""A page route that leads whoever is not signed in to the login page."""

from fastapi import Request, Response

from backend.errors import OpsTalkError, Unauthenticated
from backend.web.console.signed_in import to_login
from backend.web.pages import PageRoute


class ConsoleRoute(PageRoute):
    def refused(self, request: Request, error: OpsTalkError) -> Response:
        return to_login(request) if isinstance(error, Unauthenticated) else super().refused(request, error)
