"""What a setting of stock, orders or CS means and how it is set; lists of them (source: 002)."""

import json
from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.pointing import SHOWERS
from actions.turn import Json, Turn

SECTIONS = ("common", "stock", "orders", "cs")
CARDS = 10  # in one answer


def setting_meant(turn: Turn) -> str | None:
    """The key of a pressed button, or of the setting just talked about when the message points at it."""
    named = turn.entity("setting") or turn.given.get("setting")
    if named:
        return str(named)
    pointed = turn.pointed_at()
    if pointed and pointed.get("setting"):
        return str(pointed["setting"])
    return talked_about(turn) if turn.entity("reference") else None


def talked_about(turn: Turn) -> str | None:
    return turn.focus.get("setting") or turn.earlier.get("setting")


def edit_payload(edit: Json) -> str:
    return json.dumps(edit, ensure_ascii=False, separators=(",", ":"))


def change_buttons(turn: Turn, setting: Json) -> list[blocks.Block]:
    """What it may be instead: its other choices, on or off, or how it was at first."""
    if not setting["may_change"]:
        return []
    edits: list[tuple[str, Json]] = []
    if setting["kind"] in ("choice", "switch"):
        edits = [(c["name"], {"value": c["value"]}) for c in setting["choices"] if c["value"] != setting["value"]]
    elif setting["kind"] == "parts":
        for part in setting["parts"]:
            if part["key"] == "on":
                word = "setting_off" if part["value"] else "setting_on"
                edits = [(turn.words(f"button.{word}"), {"part": {"on": not part["value"]}})]
    if not setting["is_default"]:
        edits.append((turn.words("button.setting_default"), {"reset": True}))
    return [
        blocks.button(title, "inventory_setting_change", setting=setting["key"], setting_edit=edit_payload(edit))
        for title, edit in edits
    ]


def setting_card(turn: Turn, setting: Json) -> blocks.Block:
    show = turn.link_button("setting_show", "inventory_setting_info", setting=setting["key"])
    rows = [(turn.words("inventory_settings.now_label"), setting["value_shown"])]
    return blocks.card(setting["name"], rows, subtitle=setting["section_name"], actions=[show])


async def show_setting(turn: Turn, key: str) -> None:
    setting = await turn.api.inventory_setting(key)
    turn.look_at(setting=key)
    turn.say("inventory_settings.one", s=setting)
    if any(choice["says"] for choice in setting["choices"]):
        turn.say("inventory_settings.choices", s=setting)
    if setting["needs"] and not setting["needs"]["met"]:
        turn.say("inventory_settings.needs", s=setting)
    if not setting["may_change"]:
        turn.say("inventory_settings.owner_only")
    turn.offer(
        *change_buttons(turn, setting), turn.link_button("settings_all", "inventory_setting_info", section="all")
    )


SHOWERS["setting"] = show_setting


async def show_section(turn: Turn, section: str) -> None:
    settings = await turn.api.inventory_settings(section=section)
    turn.say("inventory_settings.section", section=settings[0]["section_name"], settings=settings)
    if len(settings) <= CARDS:
        turn.add(blocks.cards([setting_card(turn, setting) for setting in settings]))
    else:
        columns = turn.words("inventory_settings.columns").split("|")
        rows = [[setting["name"], setting["value_shown"]] for setting in settings]
        turn.add(blocks.table(settings[0]["section_name"], columns, rows))
    turn.show_list([{"setting": setting["key"]} for setting in settings])
    await offer_sections(turn, leaving_out=section)


async def offer_sections(turn: Turn, leaving_out: str | None = None) -> None:
    settings = await turn.api.inventory_settings()
    names = {setting["section"]: setting["section_name"] for setting in settings}
    others = [section for section in SECTIONS if section != leaving_out]
    turn.offer(*(blocks.button(names[section], "inventory_setting_info", section=section) for section in others))


async def show_overview(turn: Turn) -> None:
    turn.say("inventory_settings.overview", total=len(await turn.api.inventory_settings()))
    await offer_sections(turn)


async def show_several(turn: Turn, keys: list[str]) -> None:
    """A word that several are called by."""
    settings = [await turn.api.inventory_setting(key) for key in keys]
    turn.say("inventory_settings.which")
    turn.add(blocks.cards([setting_card(turn, setting) for setting in settings]))
    turn.show_list([{"setting": key} for key in keys])


class InventorySettingInfo(TurnAction):
    action_name: ClassVar[str] = "action_inventory_setting_info"
    wish: ClassVar[str | None] = "inventory_setting_info"

    async def handle(self, turn: Turn) -> None:
        section = turn.entity("section")
        meant = setting_meant(turn)
        if section:
            await (show_section(turn, section) if section in SECTIONS else show_overview(turn))
            return
        if turn.is_payload and meant:
            await show_setting(turn, meant)
            return
        found = await turn.api.find_settings(turn.text)
        keys = [setting["key"] for setting in found["settings"]]
        if not keys and meant:
            keys = [meant]
        if len(keys) == 1:
            await show_setting(turn, keys[0])
        elif keys:
            await show_several(turn, keys)
        elif found["section"]:
            await show_section(turn, found["section"])
        else:
            await show_overview(turn)
