"""Barcodes that scan: their characters, and the check digit of an EAN-13."""

import re
from typing import Any

from backend.errors import InvalidInput
from backend.inventory_settings.catalogue import Symbology

CODE39 = re.compile(r"[0-9A-Z\-. $/+%]{1,32}")
CODE128 = re.compile(r"[ -~]{1,32}")
OWN = "200"  # EAN numbers for use inside one company (GS1 restricted circulation)


def check_digit(twelve: str) -> str:
    """The thirteenth digit of an EAN-13."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)


def check_barcode(code: str) -> None:
    """Raises InvalidInput `barcode_characters`, or `barcode_check_digit` (with the right digit) for a mistyped EAN-13."""
    if not CODE128.fullmatch(code):
        raise _wrong("barcode_characters", barcode=code)
    if re.fullmatch(r"\d{13}", code) and code[-1] != check_digit(code[:12]):
        raise _wrong("barcode_check_digit", barcode=code, digit=code[-1], expected=check_digit(code[:12]))


def check_symbology(code: str, symbology: Symbology) -> None:
    """Raises InvalidInput `barcode_not_in_symbology` where the shop's form cannot draw it."""
    fits = {
        Symbology.EAN13: re.fullmatch(r"\d{13}", code) is not None,
        Symbology.CODE39: CODE39.fullmatch(code) is not None,
    }.get(symbology, True)
    if not fits:
        raise _wrong("barcode_not_in_symbology", barcode=code, symbology=symbology.value)


def own_ean13(number: int) -> str:
    """The number-th code of the shop's own; raises ValueError when there are no more."""
    if not 0 < number < 10**9:
        raise ValueError("there are a thousand million of them")
    twelve = f"{OWN}{number:09d}"
    return twelve + check_digit(twelve)


def _wrong(code: str, **data: Any) -> InvalidInput:
    return InvalidInput("the barcode does not fit", code=code, fields=[{"field": "barcode", "message": code}], **data)
