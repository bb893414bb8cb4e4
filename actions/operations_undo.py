"""Putting back what a run or a confirmed plan changed (source: 000)."""

from typing import ClassVar

from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.plans import propose
from actions.turn import Json, Turn

ASKED = ("source_type", "source_id", "target_ids")
#: each of these stands by itself: putting back the others leaves nothing half done
SINGLE = frozenset({"listing"})


class OpsUndo(TurnAction):
    """Puts back: the thing named, else what was just done here, else the run last shown."""

    action_name: ClassVar[str] = "action_ops_undo"
    wish: ClassVar[str | None] = "ops_undo"

    async def handle(self, turn: Turn) -> None:
        source = await self._source(turn)
        if source is None:
            turn.say("ops_undo.what")
            turn.offer(turn.link_button("status", "ops_status", status="done"))
            return
        run = await turn.api.run(source["source_id"]) if source["source_type"] == "run" else None
        if run and not run["changes"]:
            turn.say("ops_undo.nothing_changed", run=run)
            return
        if turn.entity("skip") and run:
            source["target_ids"] = await self._unedited(turn, source, run)
        params = {k: v for k, v in source.items() if k in ASKED}
        context: Json = (
            {"run": {k: run[k] for k in ("operation", "market")}}
            if run
            else {"what": source.get("said"), "undid": source.get("kind")}
        )
        try:
            await propose(turn, "ops_undo", params, "undo", params, **context)
        except BackendError as error:
            if error.code != "undo_conflict":
                raise
            turn.problem(error)
            self._offer_the_rest(turn, error, params, run)

    @staticmethod
    def _offer_the_rest(turn: Turn, error: BackendError, params: Json, run: Json | None) -> None:
        """What nobody touched since can still be put back, where one thing does not hang on another."""
        edited = {c["target_id"] for c in error.data["conflicts"]}
        rest = [c for c in (run or {}).get("changes", []) if not c["undone"] and c["target_id"] not in edited]
        if rest and not params.get("target_ids") and {c["target_type"] for c in rest} <= SINGLE:
            turn.offer(
                turn.link_button("undo_rest", "ops_undo", source_type="run", source_id=params["source_id"], skip="1")
            )

    @staticmethod
    async def _unedited(turn: Turn, source: Json, run: Json) -> list[str]:
        edited: set[str] = set()
        try:
            plan = await turn.api.preview("undo", {k: v for k, v in source.items() if k in ASKED})
            await turn.api.discard(plan["id"])
        except BackendError as error:
            if error.code != "undo_conflict":
                raise
            edited = {c["target_id"] for c in error.data["conflicts"]}
        return sorted({c["target_id"] for c in run["changes"] if not c["undone"]} - edited)

    async def _source(self, turn: Turn) -> Json | None:
        if turn.given.get("source_id"):
            return dict(turn.given)
        if turn.entity("source_id"):
            return await self._pressed(turn)
        pointed = turn.pointed_at()
        if pointed and pointed.get("run_id"):
            return {"source_type": "run", "source_id": pointed["run_id"]}
        operation, market = turn.entity("operation"), turn.entity("market")
        last_done, focus = turn.slot("last_done"), turn.focus
        product = await turn.api.find_products(turn.text) if not turn.is_payload and len(turn.text) > 5 else []
        if product:
            found = await self._of_product(turn, product[0]["id"], operation, market)
            if found:
                return found
        if operation or market:
            if last_done and last_done.get("operation") == operation and not focus.get("run_id"):
                return dict(last_done)
            run = await turn.api.latest_run(operation=operation, market=market, state="done")
            return {"source_type": "run", "source_id": run["id"]}
        if last_done and not focus.get("run_id"):
            return dict(last_done)
        if focus.get("product_id") and focus.get("run_id"):
            return await self._of_product(turn, focus["product_id"], focus["operation"], focus.get("market"))
        if focus.get("run_id"):
            return {"source_type": "run", "source_id": focus["run_id"]}
        return dict(last_done) if last_done else None

    async def _pressed(self, turn: Turn) -> Json:
        source: Json = {"source_type": turn.entity("source_type"), "source_id": turn.entity("source_id")}
        last_done = turn.slot("last_done") or {}
        if last_done.get("source_id") == source["source_id"]:
            source |= {"said": last_done.get("said"), "kind": last_done.get("kind")}
        if turn.entity("product_id"):
            told = await turn.api.explain(product_id=turn.entity("product_id"))
            source["target_ids"] = sorted({c["target_id"] for c in told if c["run"]["id"] == source["source_id"]})
        return source

    @staticmethod
    async def _of_product(turn: Turn, product_id: str, operation: str | None, market: str | None) -> Json | None:
        """Only this product's part of the latest run that changed it."""
        told = await turn.api.explain(product_id=product_id, operation=operation, market=market)
        told = [c for c in told if not c.get("undone")]
        if not told:
            return None
        run_id = told[0]["run"]["id"]
        targets = sorted({c["target_id"] for c in told if c["run"]["id"] == run_id})
        return {"source_type": "run", "source_id": run_id, "target_ids": targets}
