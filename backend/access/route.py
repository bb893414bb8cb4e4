"""Routes whose whole request runs in one step on one thread: who asks, the work, the answer's JSON.

The framework runs each of them (reading the person, opening the session, the endpoint, checking the answer, closing the
session) as a step of its own, handed to a thread and back: five hand-overs that take longer than most endpoints do.
An endpoint is written as ever: `def read(actor: MemberActor, session: ReadSession) -> Out`.
"""

import inspect
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from backend.access.actor import Actor
from backend.access.dependencies import MemberActor, acting, bearer, bearer_claims
from backend.db.dependencies import ReadSession, WriteSession
from backend.db.engine import unit_of_work

_Claims = Annotated[dict[str, Any], Depends(bearer_claims)]


class PersonFirst(APIRoute):
    """Who is nobody is told so, and not what is wrong with the request: its shape is looked at before the person is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_of_somebody(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                if "authorization" in request.headers:
                    await run_in_threadpool(_must_be_there, await bearer_claims(await bearer(request)))
                raise

        return handle_of_somebody


def _must_be_there(claims: dict[str, Any]) -> None:
    with unit_of_work(write=False) as session:
        acting(session, claims)


class InOneStep(PersonFirst):
    """For endpoints that are plain functions of a member; what it reads of the person is read in the endpoint's own transaction."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._work = endpoint
        signature = inspect.signature(endpoint, eval_str=True)
        given = signature.parameters.values()
        self._actor = next((p.name for p in given if p.annotation == MemberActor), None)
        self._session = next((p.name for p in given if p.annotation in (ReadSession, WriteSession)), None)
        self._writes = any(p.annotation == WriteSession for p in given)
        if self._actor is None or inspect.iscoroutinefunction(endpoint):
            raise TypeError(f"{endpoint.__name__} is no plain function of a member: it needs another kind of route")
        super().__init__(path, self._shown(endpoint, signature), **options)

    def _shown(self, endpoint: Callable[..., Any], signature: inspect.Signature) -> Callable[..., Any]:
        """What the framework sees: the claims of the token where the endpoint takes the person, and no session."""

        async def in_one_step(**given: Any) -> Response:
            return await run_in_threadpool(self._take, given)

        seen = [
            p.replace(annotation=_Claims, kind=p.KEYWORD_ONLY)
            if p.name == self._actor
            else p.replace(kind=p.KEYWORD_ONLY)
            for p in signature.parameters.values()
            if p.name != self._session
        ]
        in_one_step.__name__, in_one_step.__doc__ = endpoint.__name__, endpoint.__doc__
        in_one_step.__signature__ = signature.replace(parameters=seen)  # type: ignore[attr-defined]
        return in_one_step

    def _take(self, given: dict[str, Any]) -> Response:
        with unit_of_work(write=self._writes) as session:
            person: Actor = acting(session, given[str(self._actor)])
            needed = {self._session: session} if self._session else {}
            made = self._work(**{**given, **needed, str(self._actor): person})
            if isinstance(made, Response):
                return made
            body = self._shape.dump_json(self._shape.validate_python(made, from_attributes=True), by_alias=True)
        return Response(body, status_code=self.status_code or 200, media_type="application/json")

    @cached_property
    def _shape(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.response_model)
