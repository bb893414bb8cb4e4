"""Names and numbers as they may stand on a parcel that strangers see."""

import re


def masked_name(name: str) -> str:
    """All but the first and the last letter of a name; of two letters the second: 김*수, 김*."""
    bare = name.strip()
    if len(bare) <= 1 or "*" in bare:
        return bare
    return f"{bare[0]}*" if len(bare) == 2 else f"{bare[0]}{'*' * (len(bare) - 2)}{bare[-1]}"


def masked_phone(phone: str) -> str:
    """The middle digits of a number: 010-****-1234."""
    found = re.fullmatch(r"(02|050\d|0\d{2})[-\s]?(\d{3,4})[-\s]?(\d{4})", phone.strip())
    return f"{found[1]}-{'*' * len(found[2])}-{found[3]}" if found else phone
