"""What takes long to load is read when the product starts, not while the first merchant waits.

The tokenizer takes seconds, the modules and files of the operations a quarter of one.
"""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend.kit.korean_tokens import tokenize
from backend.operations.catalogue.loader import operations


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Operations that do not fit stop the start. The tokenizer's is a daemon: nobody waits for it, neither now nor at the end."""
    operations()
    threading.Thread(target=tokenize, args=("a",), name="warm tokenizer", daemon=True).start()
    yield
