"""A barcode as an SVG picture, in the shop's symbology; bars are exact, whatever size it is shown in."""

from base64 import b64encode
from functools import lru_cache
from itertools import groupby

import barcode
import segno

from backend.inventory.barcode_digits import check_symbology
from backend.inventory_settings.catalogue import Symbology

QUIET = 10  # modules left white at both ends of the bars, as the norms ask
WIDEST = 0.5  # mm of one module: wider ones gain nothing
NARROWEST = 0.15  # mm; below it office printers smear


@lru_cache(maxsize=2_000)
def barcode_svg(code: str, symbology: Symbology, width: float, height: float) -> str:
    """At most `width` × `height` millimetres. Raises InvalidInput `barcode_not_in_symbology`."""
    check_symbology(code, symbology)
    if symbology is Symbology.QR:
        side = min(width, height)
        drawn = segno.make(code, micro=False).svg_inline(scale=1, border=2, omitsize=True)
        return drawn.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}mm" height="{side}mm"', 1)
    modules = modules_of(code, symbology)
    total = len(modules) + 2 * QUIET
    module = min(WIDEST, width / total)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{module * total:.3f}mm" height="{height}mm" '
        f'viewBox="0 0 {total} 10" preserveAspectRatio="none"><path d="{_bars(modules)}"/></svg>'
    )


def is_too_narrow(code: str, symbology: Symbology, width: float) -> bool:
    """Whether its bars would come out too thin to be scanned."""
    if symbology is Symbology.QR:
        return False
    return width / (len(modules_of(code, symbology)) + 2 * QUIET) < NARROWEST


def modules_of(code: str, symbology: Symbology) -> str:
    """Black is 1, white is 0, one character for each module."""
    if symbology is Symbology.EAN13:
        made = barcode.EAN13(code[:12])
    elif symbology is Symbology.CODE39:
        made = barcode.Code39(code, add_checksum=False)
    else:
        made = barcode.Code128(code)
    return str(made.build()[0]).replace("G", "1").replace(" ", "")


def as_data(svg: str) -> str:
    """The picture as an address that needs no fetching."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _bars(modules: str) -> str:
    at, path = QUIET, []
    for bit, run in groupby(modules):
        width = len(list(run))
        if bit == "1":
            path.append(f"M{at} 0h{width}v10h-{width}z")
        at += width
    return "".join(path)
