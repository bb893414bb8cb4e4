"""Changing a setting in one sentence or step by step: which one, to what, preview (source: 002)."""

import json
import re
from typing import Any, ClassVar

from actions.asking import ask
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.inventory_settings import change_buttons, edit_payload, offer_sections, setting_meant, talked_about
from actions.plans import propose
from actions.turn import Json, Turn

WISH = "inventory_setting_change"
#: the partners and people of the mall read again, which is no setting but is asked for like one
REFRESH = re.compile(
    r"(?:거래처|공급사|배송업체|배송 업체|택배사|판매처|마켓\s*계정|부운영자|매니저)[^.?!]{0,25}"
    r"(?:다시\s*(?:불러|가져|읽)|새로\s*고침|새로고침|업데이트|갱신|동기화|안\s*(?:나와|보여|떠)|안나와|안보여|안떠)"
)
ANSWERS = frozenset({WISH, "inventory_setting_info", "deny", "inform", "nlu_fallback", "ops_off", "ops_on"})


class InventorySettingChange(TurnAction):
    action_name: ClassVar[str] = "action_inventory_setting_change"
    wish: ClassVar[str | None] = WISH
    corrects_by_entity: ClassVar[bool] = False

    async def handle(self, turn: Turn) -> None:
        if not turn.given and not turn.is_payload and REFRESH.search(turn.text):
            await refresh_accounts(turn)
            return
        values = await self._known(turn)
        if values is None:
            return
        if not values.get("edit"):
            await ask_value(turn, values["setting"])
            return
        await self._propose(turn, values)

    async def _known(self, turn: Turn) -> Json | None:
        """{setting, edit, also}; asks which setting is meant and returns None where that is open."""
        given = turn.given
        if given.get("setting"):
            values: Json = {k: given[k] for k in ("setting", "edit", "also") if given.get(k)}
            if "value" in given:
                values |= await _answered(turn, given["setting"], str(given["value"]))
            elif "edit" not in values and not turn.is_payload:  # "그거 꺼 줘" of the setting just shown
                wish = (await turn.api.find_settings(turn.text, given["setting"]))["settings"][0]
                values |= {"edit": wish["edit"], "also": wish["also"]} if wish["edit"] else {}
            return values
        if turn.is_payload:
            pressed = turn.entity("setting_edit")
            edit: Json = json.loads(pressed) if pressed else {}
            also = edit.pop("also", [])
            return {"setting": turn.entity("setting"), "edit": edit, "also": also}
        found = (await turn.api.find_settings(turn.text))["settings"]
        meant = setting_meant(turn) or (talked_about(turn) if len(turn.text) < 25 else None)
        fits = [one for one in found if one["edit"]] or found
        if not fits and meant:
            fits = (await turn.api.find_settings(turn.text, meant))["settings"]
        if len(fits) > 1 and meant in [one["key"] for one in fits]:
            fits = [one for one in fits if one["key"] == meant]
        if len(fits) == 1:
            return {"setting": fits[0]["key"], "edit": fits[0]["edit"], "also": fits[0]["also"]}
        await self._ask_which(turn, fits)
        return None

    @staticmethod
    async def _ask_which(turn: Turn, fits: list[Json]) -> None:
        if not fits:
            turn.say("inventory_settings.not_found")
            await offer_sections(turn)
            return
        choices = [{"value": one["key"], "title": one["name"]} for one in fits]
        edits = [edit_payload(one["edit"]) for one in fits if one["edit"]]
        same = len(set(edits)) == 1 and len(edits) == len(fits)
        ask(turn, WISH, {"edit": fits[0]["edit"]} if same else {}, "setting", kind="choice", choices=choices)

    async def _propose(self, turn: Turn, values: Json) -> None:
        key, edit, also = values["setting"], values["edit"], values.get("also") or []
        try:
            await propose(turn, WISH, values, "inventory_setting.change", {"key": key, **edit, "also": also})
        except BackendError as error:
            await explain_refusal(turn, error, values)
            return
        turn.look_at(setting=key)

    async def corrected(self, turn: Turn, values: Json, *, preview: bool) -> Json | None:
        """ "아니 5일로" while the preview of this setting waits."""
        if not preview or turn.intent not in ANSWERS or not values.get("setting"):
            return None
        other = [one["key"] for one in (await turn.api.find_settings(turn.text))["settings"] if one["score"] == 1]
        if other and values["setting"] not in other:
            return None
        wish = (await turn.api.find_settings(turn.text, values["setting"]))["settings"][0]
        if not wish["edit"] or wish["edit"] == values.get("edit"):
            return None
        return {
            "label": wish["name"], "shown": said_of(turn, wish["edit"]),
            "values": {"setting": values["setting"], "edit": wish["edit"], "also": wish["also"]},
        }  # fmt: skip


def said_of(turn: Turn, edit: Json) -> str:
    """The new value, as short as it can be said."""
    value: Any = next(iter(edit.values()))
    if isinstance(value, dict):
        value = next(iter(value.values()))
    if isinstance(value, bool):
        return turn.words("button.setting_on" if value else "button.setting_off")
    return str(value) if isinstance(value, int | float) else turn.words("inventory_settings.corrected")


async def _answered(turn: Turn, key: str, said: str) -> Json:
    """The answer to "how?": a button's edit, or words."""
    if said.startswith("{"):
        return {"edit": json.loads(said)}
    wish = (await turn.api.find_settings(said, key))["settings"][0]
    if wish["edit"]:
        return {"edit": wish["edit"], "also": wish["also"]}
    setting = await turn.api.inventory_setting(key)
    if setting["kind"] == "list":
        return {"edit": {"add": said}}
    turn.say("problem.setting_value_wrong", data={"setting": setting["name"], "limits": setting["limits"]})
    return {}


async def ask_value(turn: Turn, key: str) -> None:
    """Choices as buttons where there are some; else in the person's own words, with an example."""
    setting = await turn.api.inventory_setting(key)
    turn.look_at(setting=key)
    if not setting["may_change"]:
        error = BackendError("setting_owner_only", status=403, data={"setting": setting["name"]})
        await explain_refusal(turn, error, {"setting": key})
        return
    choices = []
    if setting["kind"] in ("choice", "switch"):
        choices = [
            {"value": edit_payload({"value": c["value"]}), "title": c["name"], "also": c["aliases"]}
            for c in setting["choices"] if c["value"] != setting["value"]
        ]  # fmt: skip
    ask(
        turn, WISH, {"setting": key}, "value", kind="choice" if choices else "text", choices=choices,
        name=setting["name"], now=setting["value_shown"], limits=setting["limits"],
    )  # fmt: skip


async def explain_refusal(turn: Turn, error: BackendError, values: Json) -> None:
    """What stands in the way, and the next step."""
    key, edit = values["setting"], values.get("edit") or {}
    known = {
        "setting_needs",
        "setting_owner_only",
        "setting_already_so",
        "setting_value_wrong",
        "setting_has_it",
        "setting_lacks_it",
    }
    if error.code not in known:
        raise error
    turn.problem(error)
    turn.look_at(setting=key)
    if error.code == "setting_needs" and key == "market_stock_arbitrary" and "value" in edit:
        both = {"value": "arbitrary", "also": [{"key": key, "value": edit["value"]}]}
        turn.offer(
            turn.link_button("setting_both", WISH, setting="market_stock_basis", setting_edit=edit_payload(both))
        )
    elif error.code == "setting_needs":
        turn.offer(turn.link_button("setting_needed", "inventory_setting_info", setting=error.data["needs"]))
    elif error.code == "setting_owner_only":
        turn.offer(
            turn.link_button("setting_show", "inventory_setting_info", setting=key),
            turn.link_button("agent", "handoff_request"),
        )
    else:
        turn.offer(*change_buttons(turn, await turn.api.inventory_setting(key)),
                   turn.link_button("setting_show", "inventory_setting_info", setting=key))  # fmt: skip


async def refresh_accounts(turn: Turn) -> None:
    await propose(turn, WISH, {}, "accounts.refresh", {})
