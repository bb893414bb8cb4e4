"""Drives the turns of all conversations of this process (architecture.md, "One turn").

A turn is a task of its own: a browser that goes away does not abort it. Whoever holds the lease answers everything that
waits, in order, one call to the assistant a message; the others wait for their own answer.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from secrets import token_urlsafe
from traceback import format_exc
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from backend.conversations import posting, turns
from backend.conversations.feed import feed
from backend.conversations.posting import Caller
from backend.conversations.rasa_client import RasaAnswer, RasaClient, RasaFailed
from backend.conversations.schemas import MessageRequest, PostedOut
from backend.conversations.turns import Progress, Turn

SWEEP_SECONDS = 3.0
_log = structlog.get_logger(__name__)


class Hub:
    def __init__(self, rasa: RasaClient) -> None:
        self.rasa = rasa
        timeout = rasa.timeout_seconds
        self._lease_for = timedelta(seconds=max(timeout * 1.5, timeout + 2))
        self._turn_for = timedelta(seconds=timeout + 1)
        self._patience = timeout + 2  # a caller waits for the turn before its own at most this long
        self._tasks: set[asyncio.Task[None]] = set()

    async def post(self, caller: Caller, body: MessageRequest) -> PostedOut:
        """The message as it is stored, with its replies; still `received` where they are to come as events."""
        lease = token_urlsafe(16)
        stored = await run_in_threadpool(posting.receive, caller, body, lease, self._lease_for, self._turn_for)
        if stored.turn is not None:
            posted = await self._answer_of(stored.turn, lease)
            if posted is not None:
                return posted
        elif stored.waits:
            await self._settle(caller.conversation_id, stored.message_id)
        return await run_in_threadpool(turns.posted, caller.conversation_id, stored.message_id)

    async def _answer_of(self, turn: Turn, lease: str) -> PostedOut | None:
        """None when it went another way than the short one, or takes longer than the caller's patience."""
        answered: asyncio.Future[PostedOut | None] = asyncio.get_running_loop().create_future()
        self._keep(self._drain(turn.conversation_id, lease, turn, answered))
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(answered, self._patience)
        return None

    async def _settle(self, conversation_id: str, message_id: str) -> None:
        """Return once the message is answered (by whichever process), or when the caller's patience ends."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        with feed.watch(conversation_id) as watcher:
            self.start(conversation_id)  # most often nobody else is at it; the lease decides
            while (left := deadline - loop.time()) > 0:
                await watcher.wait(min(left, 1.0))
                state = await run_in_threadpool(turns.progress, conversation_id, message_id)
                if state is Progress.SETTLED:
                    return
                if state is Progress.FREE:
                    self.start(conversation_id)

    def start(self, conversation_id: str) -> asyncio.Task[None]:
        """Answer what waits, unless someone else is at it."""
        return self._keep(self._drain(conversation_id, token_urlsafe(16)))

    def _keep(self, drain: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(drain)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(
        self, conversation_id: str, lease: str, turn: Turn | None = None,
        answered: asyncio.Future[PostedOut | None] | None = None,
    ) -> None:  # fmt: skip
        """From `turn` on, where the lease was taken with it; `answered` gets what came of that one."""
        try:
            turn = turn or await self._begin(conversation_id, lease)
            while turn is not None:
                outcome = await self._ask(turn)
                posted, more = await self._finish(turn, lease, outcome)
                _tell(answered, posted)
                turn = await self._begin(conversation_id, lease) if more else None
        except Exception:
            _log.error("turn_broke", conversation=conversation_id, traceback=format_exc())
            await run_in_threadpool(turns.give_up, conversation_id, lease)
        finally:
            _tell(answered, None)

    async def _begin(self, conversation_id: str, lease: str) -> Turn | None:
        return await run_in_threadpool(turns.begin, conversation_id, lease, self._lease_for, self._turn_for)

    async def _ask(self, turn: Turn) -> RasaAnswer | RasaFailed:
        try:
            return await self.rasa.ask(turn.conversation_id, turn.message_id, turn.text, turn.metadata)
        except RasaFailed as failure:
            _log.warning("turn_failed", conversation=turn.conversation_id, message=turn.message_id, code=failure.code)
            return failure

    async def _finish(self, turn: Turn, lease: str, outcome: RasaAnswer | RasaFailed) -> tuple[PostedOut | None, bool]:
        """What came of it where that was read already, and whether more waits (and the lease is still ours)."""
        try:
            return await run_in_threadpool(self._write, turn, lease, outcome)
        except Exception:
            # an answer that cannot be stored must not be asked for again and again
            _log.error("answer_not_stored", message=turn.message_id, traceback=format_exc())
            return await run_in_threadpool(self._write, turn, lease, RasaFailed("action_failed"))

    def _write(self, turn: Turn, lease: str, outcome: RasaAnswer | RasaFailed) -> tuple[PostedOut | None, bool]:
        if isinstance(outcome, RasaAnswer) and (plain := posting.answer(turn, lease, outcome)):
            return plain.posted, plain.more
        return None, turns.finish(turn, lease, self._lease_for, outcome)

    async def sweep(self) -> None:
        """Take up what a killed process left, and wake what was snoozed until now."""
        await run_in_threadpool(turns.reopen_snoozed)
        waiting = await run_in_threadpool(turns.left_behind)
        if waiting:
            await asyncio.gather(*(self.start(conversation_id) for conversation_id in waiting))

    async def sweep_forever(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:
                _log.error("sweep_failed", traceback=format_exc())
            await asyncio.sleep(SWEEP_SECONDS)

    async def stop(self) -> None:
        """Let the turns under way end; what is still waiting then is taken up after the next start."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=self._patience)
            for task in late:
                task.cancel()
        await self.rasa.close()


def _tell(answered: asyncio.Future[PostedOut | None] | None, posted: PostedOut | None) -> None:
    """The one who waits for the first turn, unless told already or gone."""
    if answered is not None and not answered.done():
        answered.set_result(posted)


def hub_of(app: FastAPI) -> Hub:
    if not hasattr(app.state, "hub"):
        app.state.hub = Hub(RasaClient.from_settings())
    hub: Hub = app.state.hub
    return hub


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub = hub_of(app)
    sweeper = asyncio.create_task(hub.sweep_forever())
    try:
        yield
    finally:
        sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeper
        await hub.stop()
