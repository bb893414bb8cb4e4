"""The assistant's messages become blocks (what a widget draws) and a plain text (what a summary quotes)."""

from typing import Any

from backend.conversations.wording import text_block

Block = dict[str, Any]


def blocks_of(message: dict[str, Any]) -> list[Block]:
    """The blocks of one message of the channel: its text, its custom blocks, its buttons; [] when it holds nothing."""
    blocks: list[Block] = []
    if message.get("text"):
        blocks.append(text_block(str(message["text"])))
    custom = message.get("custom")
    if isinstance(custom, dict):
        inner = custom.get("blocks", [custom] if "type" in custom else [])
        blocks += [b for b in inner if isinstance(b, dict) and "type" in b]
    if message.get("buttons"):
        buttons = [
            {k: b[k] for k in ("title", "payload", "href", "style", "new_tab") if b.get(k)} for b in message["buttons"]
        ]
        blocks.append({"type": "buttons", "buttons": buttons})
    return blocks


def plain_text(blocks: list[Block]) -> str:
    """What the blocks say, one line each; buttons say nothing by themselves."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    if block["type"] == "cards":
        return [line for card in block.get("cards", []) for line in _lines({"type": "card", **card})]
    lines = [str(block[key]) for key in ("title", "subtitle", "text", "label") if block.get(key)]
    for row in block.get("rows", []):
        if isinstance(row, dict) and "before" in row:
            lines.append(f"{row.get('label', '')} {row['before']} → {row.get('after')}".strip())
        elif isinstance(row, dict) and "value" in row:
            lines.append(f"{row.get('label', '')}: {row['value']}")
        elif isinstance(row, list):
            lines.append(" · ".join(map(str, row)))
    return lines + [str(effect) for effect in block.get("effects", [])]
