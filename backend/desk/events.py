"""Server-sent events of the desk: `queue` whenever it changes; one conversation's own come from its own stream."""

from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from backend.conversations.events import HEARTBEAT_SECONDS, sse
from backend.conversations.feed import QUEUE, feed
from backend.db.engine import unit_of_work
from backend.desk.inbox import items
from backend.desk.schemas import DeskItemOut


async def queue_events() -> AsyncIterator[str]:
    """The whole queue at once, then again after each change."""
    yield "retry: 2000\n\n"
    known: list[DeskItemOut] | None = None
    with feed.watch(QUEUE) as watcher:
        while True:
            now = await run_in_threadpool(_queue)
            if now != known:
                yield sse("queue", {"conversations": [item.model_dump(mode="json") for item in now]})
            known = now
            if not await watcher.wait(HEARTBEAT_SECONDS):
                yield ": still here\n\n"


def _queue() -> list[DeskItemOut]:
    with unit_of_work(write=False) as session:
        return items(session)
