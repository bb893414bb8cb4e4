"""Runs in the bot's environment: what the trained bot understands and does next, with Rasa's own ways and with our shorter
ones, as JSON on stdout. `python -m tests.bot.shortcut_story MODEL`
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from bot import quiet, without_tensorflow

SAID = (
    "쿠폰 비용은 누가 부담해요?", "작업현황 보여줘", "메인 진열 꺼줘", "지마켓은?", "네", "아니요", "ㅁㄴㅇㄹ", "두 번째 거요",
    "상품 등록 요청할게요", '/ops_off{"operation": "main_display"}', "/affirm", "/restart", "상담원 바꿔주세요",
)  # fmt: skip


async def tell(model: str) -> dict[str, Any]:
    from rasa.core.agent import Agent

    from bot import shortcuts

    quiet.settle()
    agent = Agent.load(model)
    before = [await heard(agent, text) for text in SAID]
    shortcuts.apply()
    after = [await heard(agent, text) for text in SAID]
    return {"before": before, "after": after, "connections": await connections()}


async def heard(agent: Any, text: str) -> dict[str, Any]:
    """One message to a fresh conversation, in no form and in one: what is understood, and the actions up to listening."""
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.events import ActionExecuted, ActiveLoop, UserUttered

    processor = agent.processor
    told: dict[str, Any] = {}
    for loop in (None, "detail_form"):
        tracker = await processor.get_tracker(f"{text} {loop}")
        tracker.update(ActionExecuted("action_listen"), processor.domain)
        if loop:
            tracker.update(ActiveLoop(loop), processor.domain)
        parsed = await processor.parse_message(UserMessage(text, sender_id="x"), tracker)
        event = UserUttered(text, parsed["intent"], parsed["entities"], parsed)
        tracker.update(event, processor.domain)
        predicted = []
        for _ in range(3):
            prediction = processor._predict_next_with_tracker(tracker)
            best = processor.domain.action_names_or_texts[prediction.max_confidence_index]
            predicted.append([best, prediction.max_confidence, prediction.is_end_to_end_prediction])
            tracker.update(ActionExecuted(best), processor.domain)
        told[str(loop)] = {"intent": parsed["intent"], "entities": parsed["entities"], "predicted": predicted}
    return told


async def connections() -> int:
    """How many a server sees that is called five times in a row."""
    from rasa.utils.endpoints import EndpointConfig

    seen = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(1)
        while await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(2)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    endpoint = EndpointConfig(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    for _ in range(5):
        await endpoint.request(json={})
    await (await endpoint.session().__aenter__()).close()
    server.close()
    return len(seen)


if __name__ == "__main__":
    quiet.switch()
    without_tensorflow.pretend()
    os.environ.setdefault("ACTIONS_PORT", "1")
    sys.stdout.write(json.dumps(asyncio.run(tell(sys.argv[1])), ensure_ascii=False))
