"""The tokenizer takes seconds to load: it is read when the product starts, not while the first merchant waits."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend.kit.korean_tokens import tokenize


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A daemon: nobody waits for it, neither at the start nor at the end."""
    threading.Thread(target=tokenize, args=("a",), name="warm tokenizer", daemon=True).start()
    yield
