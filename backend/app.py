"""The composition root: every feature's routes, plan kinds and targets come together here, and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI

from backend import features
from backend.access.origins import WidgetOrigins
from backend.db import models
from backend.errors import install_error_handlers
from backend.openapi import describe
from backend.settings import get_settings
from backend.static_files import Revalidated

STATIC = Path(__file__).parent / "web" / "static"

__all__ = ["create_app", "models"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for lifespan in features.lifespans():
            await stack.enter_async_context(lifespan(app))
        yield


def create_app() -> FastAPI:
    app = FastAPI(title="OpsTalk", version="0.1.0", lifespan=_lifespan, docs_url="/docs", redoc_url=None)
    app.add_middleware(WidgetOrigins)
    install_error_handlers(app)
    features.load()
    api = APIRouter(prefix="/api")
    for router in features.routers("api"):
        api.include_router(router)
    app.include_router(api)
    for router in features.routers("root"):
        app.include_router(router)
    if get_settings().demo:
        for router in features.routers("demo"):
            app.include_router(router)
    app.mount("/static", Revalidated(directory=STATIC, check_dir=False), name="static")
    describe(app)
    return app
