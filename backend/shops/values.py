"""Values a merchant gives for a required setting, brought to their one form or refused."""

import re

# what Korean carriers take as a sender: mobile, area, internet and nationwide numbers
_MOBILE = re.compile(r"01[016789]\d{7,8}")
_SEOUL = re.compile(r"02\d{7,8}")
_REGION = re.compile(r"0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}")
_INTERNET = re.compile(r"0(?:70|80|50\d)\d{7,8}")
_NATIONWIDE = re.compile(r"1[568]\d{6}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_CHANNEL = re.compile(r"@[0-9A-Za-z가-힣_.-]{2,30}")


def sender_number(text: str) -> str | None:
    """Digits only, 8 to 12 of them; None when no Korean carrier would take it as a sender number."""
    if re.search(r"[^\d\s().+-]", text):
        return None
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+82") or (digits.startswith("82") and len(digits) >= 10):
        digits = "0" + digits[2:].lstrip("0")
    fits = any(kind.fullmatch(digits) for kind in (_MOBILE, _SEOUL, _REGION, _INTERNET, _NATIONWIDE))
    return digits if fits else None


def mail_address(text: str) -> str | None:
    found = text.strip()
    return found.lower() if _EMAIL.fullmatch(found) and ".." not in found else None


def channel_id(text: str) -> str | None:
    """A KakaoTalk channel's search id, with its @."""
    found = text.strip()
    found = found if found.startswith("@") else f"@{found}"
    return found if _CHANNEL.fullmatch(found) else None


def words(text: str, limit: int) -> str | None:
    """One to `limit` characters, runs of blanks as one."""
    found = " ".join(text.split())
    return found if 0 < len(found) <= limit else None
