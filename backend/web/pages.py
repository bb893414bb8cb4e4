"""Server-rendered pages: one Jinja environment with the product's words, and every error as a page.

A page asked for by htmx is answered with its changing part alone (the `state` block); a form sent by htmx too.
"""

import re
from collections.abc import Callable, Coroutine
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from backend.errors import InvalidInput, OpsTalkError
from backend.kit import clock, josa_filters
from backend.kit.wording import wording

HERE = Path(__file__).parent
STATIC = HERE / "static"
PRINTING = ("inventory", "purchasing", "reports", "shipping")  # features with templates of their own
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@lru_cache
def environment() -> Environment:
    made = Environment(
        loader=ChoiceLoader([
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({
                "demo": FileSystemLoader(HERE / "demo" / "templates"),
                "console": FileSystemLoader(HERE / "console" / "templates"),
                **{key: FileSystemLoader(HERE.parent / key / "templates") for key in PRINTING},
            }),
        ]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    josa_filters.install(made, clock.today)
    made.filters["name"] = lambda key, kind: wording().name(kind, key)
    made.filters["rich"] = rich
    made.globals.update(phrase=wording().say, asset=asset, today=clock.today, now=clock.now)
    return made


def rich(text: str) -> Markup:
    """Escaped text with **bold** and its line ends kept."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))).replace("\n", "<br>"))


@lru_cache
def asset(name: str) -> str:
    """A static file's address that changes with its content, so that a browser never keeps an old one."""
    return f"/static/{name}?v={(STATIC / name).stat().st_mtime_ns // 1_000_000:x}"


def is_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true" and "hx-history-restore-request" not in request.headers


def render(request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
    html = environment().get_template(template).render(request=request, fragment=is_fragment(request), **context)
    return HTMLResponse(html, status, {"Vary": "HX-Request", "Cache-Control": "no-store"})


def sentence(error: OpsTalkError) -> str:
    """What happened, for the person who looks at the page; an unknown code is said in general."""
    said = wording()
    for key in (f"page_problem.{error.error_code}", f"problem.{error.error_code}", f"problem.{error.code}"):
        if key in said:
            return said.say(key, data=error.data)
    return said.say("problem.unknown", data=error.data)


def refuse(request: Request, error: OpsTalkError) -> Response:
    """The error as a notice inside the page for htmx, as a page of its own otherwise."""
    if is_fragment(request):
        answer = render(request, "notice.html", error.status, text=sentence(error), tone="bad")
        answer.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return answer
    return render(
        request, "error.html", error.status, text=sentence(error), missing=error.status == HTTPStatus.NOT_FOUND
    )


class PageRoute(APIRoute):
    """A route whose errors are pages; `/desk` and `/api` keep problem+json."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except OpsTalkError as error:
                return self.refused(request, error)
            except RequestValidationError:
                return self.refused(request, InvalidInput("the form does not fit"))

        return handle

    def refused(self, request: Request, error: OpsTalkError) -> Response:
        return refuse(request, error)


class LinkedPageRoute(PageRoute):
    """Opened by a signed link out of the conversation; `title` is the wording of a refusal's page."""

    title: ClassVar[str]

    def refused(self, request: Request, error: OpsTalkError) -> Response:
        said = {"title": wording().say(self.title), "text": sentence(error)}
        return unnamed(render(request, "refused.html", error.status, **said))


def unnamed(answer: Response) -> Response:
    """No other site learns the page's address, which is all it takes to open it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
