"""The settings PRO needs before it can work, by the one name the whole product uses (source: 000)."""

from enum import StrEnum


class SetupKey(StrEnum):
    PRO_APP = "pro_app"
    MARKETPLUS = "marketplus"
    MARKET_ACCOUNT = "market_account"
    SENDER_NUMBER = "sender_number"
    ALIMTALK_PROFILE = "alimtalk_profile"
    MAIL_SENDER = "mail_sender"
    BRAND_INFO = "brand_info"
