"""What a message says, and how much credit it takes; advertising carries its mark, its sender and the way out."""

from dataclasses import dataclass

from backend.customers.models import Channel, MessageKind
from backend.customers.opt_out_link import link_of
from backend.kit.wording import wording
from backend.operations.catalogue.crm_message.audience import Audience, Recipient
from backend.operations.catalogue.crm_message.rules import Rules
from backend.shops.models import Shop


@dataclass(frozen=True)
class Written:
    subject: str | None
    text: str
    credits: int


def write(shop: Shop, audience: Audience, recipient: Recipient, rules: Rules) -> Written:
    context = {
        "shop": shop.brand_name or shop.name, "customer": recipient.customer.name, "new_products": recipient.new_products,
        "number": shop.sender_number,
    }  # fmt: skip
    said = wording()
    text = said.say(f"crm.{audience.name}.text", **context)
    subject = said.say(f"crm.{audience.name}.subject", **context) if recipient.channel is Channel.EMAIL else None
    if audience.kind is MessageKind.ADVERTISING:
        mark, out = said.say("crm.mark"), said.say("crm.opt_out", link=link_of(recipient.customer.id))
        text = f"{text}\n{out}" if subject else f"{mark} {text}\n{out}"
        subject = f"{mark} {subject}" if subject else None
    return Written(subject, text, credits_of(recipient.channel, text, rules))


def credits_of(channel: Channel, text: str, rules: Rules) -> int:
    """One each, but for a text message that is longer than a short one; bytes are counted in EUC-KR, as carriers do."""
    if channel is not Channel.SMS:
        return 1
    return 1 if len(text.encode("euc-kr", "replace")) <= rules.sms_bytes else rules.long_sms_credits
