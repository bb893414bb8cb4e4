"""A Korean telephone number as people write it."""

import re


def hyphenated(number: str) -> str:
    """0264001188 -> 02-6400-1188; what has separators already, or is no Korean number, stays as it is."""
    area_first = re.fullmatch(r"(02|050\d|0[1-9]\d)(\d{3,4})(\d{4})", number)
    nationwide = re.fullmatch(r"(1\d{3})(\d{4})", number)
    found = area_first or nationwide
    return "-".join(found.groups()) if found else number
