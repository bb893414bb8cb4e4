"""Preview, confirmation, refusal and undo, the same for every wish."""

import logging
from typing import Any, ClassVar

from actions import blocks
from actions.base import WISHES, TurnAction
from actions.changes import diff_block
from actions.client.errors import BackendError
from actions.turn import Json, Turn

log = logging.getLogger(__name__)
CORRECTING = frozenset({"operation", "market", "date", "scope", "position", "product", "request_no"})


async def propose(turn: Turn, wish: str, values: Json, kind: str, params: Json, **context: Any) -> None:
    """Preview and put the confirm card; `values` let a correction start from what is already known."""
    await drop_pending(turn)
    plan = await turn.api.preview(kind, params)
    show_preview(turn, plan, wish, values, context)


def show_preview(turn: Turn, plan: Json, wish: str, values: Json, context: Json) -> None:
    title = turn.words(f"preview.{plan['kind']}.title", plan=plan, params=plan["params"], **context)
    said = [turn.words(f"effect.{e['code']}", data=e["data"]) for e in plan["effects"]]
    effects = [line for sentence in said for line in sentence.splitlines()]
    block: blocks.Block = {
        "type": "confirm",
        "plan_id": plan["id"],
        "title": title,
        "effects": [e for e in effects if e],
        "undoable": plan["undoable"],
        "note": turn.words("preview.undoable" if plan["undoable"] else "preview.not_undoable"),
        "expires_at": plan["expires_at"],
        "buttons": [
            turn.link_button("confirm", "affirm", plan_id=plan["id"], style="primary"),
            turn.link_button("refuse", "deny", plan_id=plan["id"]),
        ],
    }
    shown = diff_block(turn, plan["changes"])
    if shown:
        block["diff"] = shown
    turn.add(block)
    turn.remember(plan={"id": plan["id"], "kind": plan["kind"], "wish": wish, "values": values, "context": context})


async def drop_pending(turn: Turn) -> bool:
    """The preview that waited is no longer meant; true when there was one."""
    pending = turn.slot("plan")
    if not pending:
        return False
    turn.remember(plan=None)
    try:
        await turn.api.discard(pending["id"])
    except BackendError as error:
        log.info("the pending preview could not be discarded: %s", error.code)
    return True


class Affirm(TurnAction):
    """Carries out the preview that waits; the plan's id is the key, so that twice is once."""

    action_name: ClassVar[str] = "action_affirm"

    async def handle(self, turn: Turn) -> None:
        pending = turn.slot("plan")
        named = turn.entity("plan_id")
        plan_id = named or (pending or {}).get("id")
        if not plan_id:
            turn.say("plan.nothing_to_confirm")
            return
        try:
            plan = await turn.api.confirm(plan_id, key=f"confirm-{plan_id}")
        except BackendError as error:
            if error.code == "plan_stale":
                turn.say("plan.stale")
                known = pending or {"wish": "", "values": {}, "context": {}}
                show_preview(turn, error.data["plan"], known["wish"], known["values"], known["context"])
                return
            turn.remember(plan=None)
            raise
        if pending and pending["id"] == plan_id:
            turn.remember(plan=None)
        done(turn, plan, (pending or {}).get("context") or {})


def done(turn: Turn, plan: Json, context: Json) -> None:
    """Say that it is done, what exactly, and offer the way back."""
    turn.say(f"done.{plan['kind']}", plan=plan, params=plan["params"], result=plan["result"], **context)
    turn.remember(last_done={"source_type": "plan", "source_id": plan["id"]})
    turn.look_at(
        operation=plan["params"].get("operation"),
        market=plan["params"].get("market"),
        request_number=plan["result"].get("number"),
    )
    items = []
    if plan["undoable"] and plan["kind"] != "undo":
        items.append(turn.link_button("undo", "ops_undo", source_type="plan", source_id=plan["id"]))
    if plan["kind"].startswith("ops."):
        items.append(turn.link_button("off_list", "ops_off_list"))
    if plan["kind"].startswith("work_request."):
        items.append(turn.link_button("request_status", "work_request_status"))
    turn.offer(*items)


class Deny(TurnAction):
    """Drops the preview, or corrects it when the refusal says what is meant instead ("아니 쿠팡만")."""

    action_name: ClassVar[str] = "action_deny"

    async def handle(self, turn: Turn) -> None:
        if await correct(turn):
            return
        if await drop_pending(turn):
            turn.say("plan.dropped")
        else:
            turn.say("plan.nothing_to_refuse")


async def correct(turn: Turn) -> bool:
    """True when a preview waits and this message changes what it should do: it is previewed anew."""
    pending = turn.slot("plan")
    if turn.is_payload or not pending or pending["wish"] not in WISHES:
        return False
    wish = WISHES[pending["wish"]]
    changed = await wish.corrected(turn, pending["values"], bare=True)
    if changed:
        turn.say("ask.corrected", **changed)
        turn.given = dict(changed["values"])
        await wish.handle(turn)
        return True
    if not wish.corrects_by_entity or not any(e["entity"] in CORRECTING for e in turn.entities):
        return False
    turn.given = dict(pending["values"])
    await wish.handle(turn)
    return True
