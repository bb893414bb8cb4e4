"""A person in the widget: a session of the hub, what was answered last, and the buttons they could press."""

from typing import Any
from uuid import uuid4

import httpx

from backend.conversations.models import Message
from backend.db.engine import unit_of_work

Json = dict[str, Any]


class Person:
    def __init__(self, url: str, identity: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=20)
        answer = self._http.post("/chat/sessions", json={"identity": identity})
        answer.raise_for_status()
        opened = answer.json()
        self._http.headers["authorization"] = f"Bearer {opened['token']}"
        self.conversation_id: str = opened["conversation"]["id"]
        self.replies: list[Json] = []
        self.remembered: Json | None = None
        self.message: Json = {}
        self.conversation: Json = opened["conversation"]

    def send(self, text: str, payload: str | None = None) -> None:
        answer = self._http.post("/chat/messages", json={"client_id": uuid4().hex, "text": text, "payload": payload})
        assert answer.is_success, answer.text
        told = answer.json()
        self.replies, self.message, self.conversation = told["replies"], told["message"], told["conversation"]
        with unit_of_work(write=False) as session:
            stored = session.get_one(Message, self.message["id"])
            self.message |= {"intent": stored.intent, "confidence": stored.confidence}

    def press(self, title: str) -> None:
        for button in self.buttons():
            if button["title"] == title and "payload" in button:
                self.send(title, button["payload"])
                return
        raise AssertionError(f"no button {title!r}; there are {[b['title'] for b in self.buttons()]}")

    def read_notice(self) -> None:
        """What PRO put into the thread becomes what was shown last."""
        last = self.api("/chat/messages", limit=1)["messages"][-1]
        self.replies = [last]

    def blocks(self) -> list[Json]:
        return [block for reply in self.replies for block in reply["blocks"]]

    def buttons(self) -> list[Json]:
        return [button for block in self.blocks() for button in _buttons(block)]

    def seen(self) -> str:
        """All text of the last answer, as one string."""
        return "\n".join(_texts([reply["blocks"] or reply["text"] for reply in self.replies]))

    def api(self, path: str, **params: Any) -> Any:
        answer = self._http.get(path, params=params)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def close(self) -> None:
        self._http.close()


def _buttons(block: Json) -> list[Json]:
    found = list(block.get("buttons", []))
    for card in block.get("cards", []):
        found += card.get("buttons", [])
    return found


def _texts(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    if isinstance(node, dict):
        return [
            text
            for key, item in node.items()
            if key not in ("payload", "type", "href", "plan_id")
            for text in _texts(item)
        ]
    return []
