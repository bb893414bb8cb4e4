"""The same answers for less work: what Rasa 3.6.21 does on every turn twice, anew or for nobody; together a third of a turn.

Applied by the channel, thus where the bot serves, and not where it is trained.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import rasa.core.policies.rule_policy as rule_policy
import rasa.server
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.utils.endpoints import EndpointConfig

_LISTEN = "action_listen"
_applied = False


def apply() -> None:
    """Idempotent."""
    global _applied
    if _applied:
        return
    _applied = True
    _keep_connections()
    _run_the_graph_in_order()
    _look_for_rules_on_text_only_where_there_are_any()
    _copy_nothing_for_a_debug_line()
    _answer_no_page_of_another_origin()


class _Kept:
    """A session in the place of one that is opened for one call and closed after it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session, self.loop = session, asyncio.get_event_loop()

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(self, *_: Any) -> None:
        return None


def _keep_connections() -> None:
    """To the action server, which is asked on every turn."""
    open_session = EndpointConfig.session

    def session(self: EndpointConfig) -> Any:
        kept = getattr(self, "_opstalk_kept", None)
        if kept is None or kept.session.closed or kept.loop is not asyncio.get_event_loop():
            kept = self._opstalk_kept = _Kept(open_session(self))
        return kept

    EndpointConfig.session = session


def _run_the_graph_in_order() -> None:
    """Rasa builds a graph for dask, which sorts it, on each of the three runs of a turn; it is always the same one."""

    def run(
        self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        orders = self.__dict__.setdefault("_opstalk_orders", {})
        if wanted not in orders:
            orders[wanted] = dict(_in_order(self._graph_schema, wanted))
        found = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in orders[wanted].items():
            found[name] = self._instantiated_nodes[name](*(found.get(need, need) for need in needs))
        return dict(found[name] for name in wanted)

    DaskGraphRunner.run = run


def _in_order(schema: GraphSchema, wanted: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every node that is needed, after the ones it needs; a node may come again. Inputs are no nodes."""
    for name in wanted:
        if name in schema.nodes:
            needs = tuple(schema.nodes[name].needs.values())
            yield from _in_order(schema, needs)
            yield name, needs


def _look_for_rules_on_text_only_where_there_are_any() -> None:
    """Rules may name the very words of a person instead of an intent. None of ours does, and looking costs as much again."""
    find = RulePolicy._find_action_from_rules

    def find_action(self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> Any:
        if use_text_for_last_user_input and not _may_match_text(self):
            return None, None, False
        return find(self, tracker, domain, use_text_for_last_user_input)

    RulePolicy._find_action_from_rules = find_action


def _may_match_text(policy: RulePolicy) -> bool:
    """Whether some rule goes on after a person's message without asking for its intent."""
    known = getattr(policy, "_opstalk_may_match_text", None)
    if known is None:
        keys = [key for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(kind, {})]
        latest = [policy._rule_key_to_state(key)[-1] for key in keys]
        known = policy._opstalk_may_match_text = any(
            state.get("prev_action", {}).get("action_name") in (_LISTEN, None) and "intent" not in state.get("user", {})
            for state in latest
        )
    return known


def _copy_nothing_for_a_debug_line() -> None:
    """The policy copies the whole state for its log before it knows that nobody reads it; `copy` serves nothing else there."""
    rule_policy.copy = SimpleNamespace(deepcopy=lambda state: state)


def _answer_no_page_of_another_origin() -> None:
    """Only the hub calls, and it is no browser."""
    rasa.server.configure_cors = lambda app, cors_origins="": None
