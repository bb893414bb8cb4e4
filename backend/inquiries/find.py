"""Which of the unanswered inquiries a sentence speaks of: by product, buyer, topic or market."""

import re
from typing import Literal

from sqlalchemy.orm import Session

from backend.inquiries.schemas import InquiryMentionOut, InquiryOut
from backend.inquiries.service import waiting
from backend.inquiries.states import Topic
from backend.inquiries.topics import morphemes, topic_of, topic_rules
from backend.kit.hangul import find_mention
from backend.markets.codes import Market

CLEARLY = 0.05  # products that fit this much worse than the best are not meant
_BESIDE = re.compile("문의|질문|답변|초안")  # often written in one with the name
By = Literal["product", "buyer", "topic", "market"]


def mentioned_inquiries(
    session: Session, shop_id: str, text: str, market: Market | None = None
) -> list[InquiryMentionOut]:
    """Longest waiting first. What the sentence names narrows step by step; a name that fits nothing narrows nothing."""
    found = {inquiry.id: InquiryMentionOut(inquiry=inquiry, by=[]) for inquiry in waiting(session, shop_id)}
    steps: list[tuple[By, set[str]]] = [
        ("market", {one.inquiry.id for one in found.values() if market and one.inquiry.market is market}),
        ("product", _by_product([one.inquiry for one in found.values()], text)),
        ("buyer", _by_buyer([one.inquiry for one in found.values()], text)),
        ("topic", _by_topic([one.inquiry for one in found.values()], text)),
    ]
    for by, fitting in steps:
        if meant := fitting & found.keys():
            found = {key: one for key, one in found.items() if key in meant}
            for one in found.values():
                one.by.append(by)
        elif by == "market" and market:
            return []
    return list(found.values())


def _by_product(inquiries: list[InquiryOut], text: str) -> set[str]:
    mentions = find_mention(_BESIDE.sub(" ", text), [one.product for one in inquiries if one.product])
    names = {mention.name for mention in mentions if mention.score >= mentions[0].score - CLEARLY}
    return {one.id for one in inquiries if one.product in names}


def _by_buyer(inquiries: list[InquiryOut], text: str) -> set[str]:
    """Names are masked (김*현): the letters that are known must fit, whatever stands for the others."""
    said = "".join(text.split())
    return {one.id for one in inquiries if (shape := _shape(one.buyer_name)) and re.search(shape, said)}


def _shape(name: str) -> str | None:
    letters = "".join(name.split())
    known = [letter for letter in letters if letter != "*"]
    if len(known) < 2:
        return None
    return "".join(".?" if letter == "*" else re.escape(letter) for letter in letters)


def _by_topic(inquiries: list[InquiryOut], text: str) -> set[str]:
    """Of an inquiry that PRO has not read, its own words tell the topic."""
    said = morphemes(text) if text.strip() else frozenset()
    # nouns only: a merchant's "들어온 문의" is no question about stock
    topics = {
        topic for topic, words in topic_rules().topics.items() if said & {word for word in words if "/" not in word}
    }
    return {one.id for one in inquiries if (one.topic or topic_of(one.text)) in topics - {Topic.OTHER}}
