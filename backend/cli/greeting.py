"""Does the product answer? A real greeting, through the hub, Rasa and the action server, that leaves no trace."""

from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import delete, select

from backend.access import tokens
from backend.conversations.models import Conversation, Message
from backend.db.engine import build_engine, unit_of_work
from backend.seed.staff import GREETER
from backend.settings import Settings
from backend.shops.models import Member, Shop

GREETING = "안녕하세요"


def greet(url: str, var_dir: Path) -> str | None:
    """Why the bot did not answer itself, as long as a part of the product is still on its way; None once it did."""
    engine = build_engine(Settings(var_dir=var_dir).database)
    try:
        with unit_of_work(write=False, engine=engine) as session:
            member, shop = session.execute(
                select(Member, Shop).join(Shop, Shop.id == Member.shop_id).where(Member.external_id == GREETER)
            ).one()
        missing = _missing(url, tokens.issue_identity(shop.mall_id, GREETER, shop.identity_secret))
        if missing is None:
            with unit_of_work(engine=engine) as session:
                own = select(Conversation.id).where(Conversation.member_id == member.id)
                session.execute(delete(Message).where(Message.conversation_id.in_(own)))
                session.execute(delete(Conversation).where(Conversation.member_id == member.id))
        return missing
    finally:
        engine.dispose()


def _missing(url: str, identity: str) -> str | None:
    try:
        with httpx.Client(base_url=url, timeout=20) as http:
            opened = http.post("/chat/sessions", json={"identity": identity})
            opened.raise_for_status()
            headers = {"authorization": f"Bearer {opened.json()['token']}"}
            said = http.post("/chat/messages", headers=headers, json={"client_id": str(uuid4()), "text": GREETING})
            said.raise_for_status()
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    body = said.json()
    if body["message"]["state"] == "answered" and any(reply["author"] == "bot" for reply in body["replies"]):
        return None
    return f"the message is {body['message']['state']}, replied to with: {[reply['text'] for reply in body['replies']]}"
