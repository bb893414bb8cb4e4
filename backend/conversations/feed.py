"""Tells everyone who waits for a conversation that it changed.

A change of this process wakes its waiters as soon as it is committed. A change of another process is found by one
query over all watched conversations, at most every half second, made by whichever waiter is due first.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backend.conversations.models import Conversation, ConversationState
from backend.db.engine import unit_of_work

POLL_SECONDS = 0.5
QUEUE = "queue"  # the key of everything the desk's queue shows
_WAKES = "conversation_wakes"


class Watcher:
    """One waiter on one event loop."""

    def __init__(self, feed: "Feed") -> None:
        self._feed = feed
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """From any thread."""
        try:
            self._loop.call_soon_threadsafe(self._changed.set)
        except RuntimeError:  # its loop has ended, and so has the waiter
            return

    async def wait(self, seconds: float) -> bool:
        """True as soon as the watched thing changed (or may have), False after `seconds`."""
        deadline = self._loop.time() + seconds
        while not self._changed.is_set():
            left = deadline - self._loop.time()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, POLL_SECONDS))
            except TimeoutError:
                await self._feed.poll()
        self._changed.clear()
        return True


class Feed:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[str, set[Watcher]] = {}
        self._seen: dict[str, Any] = {}
        self._next_poll = 0.0

    @contextmanager
    def watch(self, key: str) -> Iterator[Watcher]:
        watcher = Watcher(self)
        with self._lock:
            self._watchers.setdefault(key, set()).add(watcher)
        try:
            yield watcher
        finally:
            with self._lock:
                others = self._watchers.get(key, set())
                others.discard(watcher)
                if not others:
                    self._watchers.pop(key, None)
                    self._seen.pop(key, None)

    def wake(self, key: str) -> None:
        with self._lock:
            waiting = list(self._watchers.get(key, ()))
        for watcher in waiting:
            watcher.wake()

    async def poll(self) -> None:
        """Look for what other processes changed, unless another waiter did so a moment ago."""
        with self._lock:
            if time.monotonic() < self._next_poll or not self._watchers:
                return
            self._next_poll = time.monotonic() + POLL_SECONDS * 0.9
            keys = set(self._watchers)
        found = await run_in_threadpool(_revisions, keys)
        with self._lock:
            # a key seen for the first time counts as changed: its waiter may have read before the change
            changed = [k for k, revision in found.items() if k in self._watchers and self._seen.get(k) != revision]
            self._seen.update((k, found[k]) for k in changed)
        for key in changed:
            self.wake(key)


def _revisions(keys: set[str]) -> dict[str, Any]:
    c = Conversation
    found: dict[str, Any] = {}
    ids = sorted(keys - {QUEUE})
    with unit_of_work(write=False) as session:
        for start in range(0, len(ids), 500):
            rows = session.execute(
                select(
                    c.id, c.last_seq, c.state, c.read_seq, c.turn_token, c.assignee_id, c.priority, c.agent_typing_until
                ).where(c.id.in_(ids[start : start + 500]))
            )
            found.update((row[0], tuple(row[1:])) for row in rows)
        if QUEUE in keys:
            with_us = c.state.in_([ConversationState.OPEN, ConversationState.SNOOZED])
            row = session.execute(
                select(func.count(), func.max(c.updated_at), func.sum(c.last_seq)).where(with_us)
            ).one()
            found[QUEUE] = tuple(row)
    return found


feed = Feed()


def wake_after_commit(session: Session, conversation_id: str) -> None:
    session.info.setdefault(_WAKES, set()).update({conversation_id, QUEUE})


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    for key in session.info.pop(_WAKES, ()):
        feed.wake(key)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop(_WAKES, None)
