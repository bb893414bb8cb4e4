"""The tokenizers take seconds to load: they are read when the product starts, not while the first merchant waits."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend.inquiries import topics
from backend.markets import morphemes


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A daemon: nobody waits for it, neither at the start nor at the end."""
    threading.Thread(target=_read, name="warm tokenizers", daemon=True).start()
    yield


def _read() -> None:
    topics.morphemes("a")
    morphemes.nouns("a")
