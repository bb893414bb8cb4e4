"""A drawn placeholder in the category's colour for every demo product: no picture of anything real, nothing to store."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Response

from backend.errors import NotFound

router = APIRouter(include_in_schema=False)

# each on a square of 100, one stroke
MOTIFS = {
    "knit": "M30 30 L42 22 Q50 30 58 22 L70 30 L80 52 L70 56 L67 46 L67 80 L33 80 L33 46 L30 56 L20 52 Z M50 30 V80",
    "dress": "M40 18 L44 30 Q50 34 56 30 L60 18 M42 30 L40 46 L26 82 H74 L60 46 L58 30",
    "shirt": "M32 26 L44 20 L50 30 L56 20 L68 26 L80 44 L70 50 L66 44 V80 H34 V44 L30 50 L20 44 Z M50 30 V80",
    "trousers": "M34 20 H66 L70 82 H56 L50 40 L44 82 H30 Z M34 28 H66",
    "skirt": "M38 24 H62 L64 32 L78 78 H22 L36 32 Z M36 32 H64",
    "coat": "M36 18 L50 34 L64 18 L76 30 L82 60 L72 62 L68 46 V86 H32 V46 L28 62 L18 60 L24 30 Z M50 34 V86 M44 52 H45 M44 64 H45",
    "scarf": "M30 28 Q50 44 70 28 Q74 40 62 46 L66 82 H52 L50 50 Q36 48 28 40 Z M54 82 V88 M60 82 V88",
    "grain": "M50 84 V34 M50 34 Q40 26 50 16 Q60 26 50 34 M50 48 Q36 46 36 34 Q48 36 50 48 M50 48 Q64 46 64 34 Q52 36 50 48 "
    "M50 64 Q36 62 36 50 Q48 52 50 64 M50 64 Q64 62 64 50 Q52 52 50 64",
    "fruit": "M50 34 Q30 24 24 46 Q22 74 44 82 Q50 79 56 82 Q78 74 76 46 Q70 24 50 34 M50 34 Q50 24 58 18",
    "nut": "M50 20 Q74 30 72 56 Q66 82 50 84 Q34 82 28 56 Q26 30 50 20 M50 20 V84 M38 34 Q34 52 40 70 M62 34 Q66 52 60 70",
    "jar": "M34 24 H66 V34 H34 Z M30 34 H70 Q76 40 76 48 V78 Q76 84 70 84 H30 Q24 84 24 78 V48 Q24 40 30 34 M24 54 H76",
    "bottle": "M44 16 H56 V30 Q68 34 68 46 V80 Q68 86 62 86 H38 Q32 86 32 80 V46 Q32 34 44 30 Z M32 52 H68 M32 70 H68",
    "tube": "M34 18 H66 L62 74 H38 Z M40 74 H60 V86 H40 Z M36 30 H64",
    "sheet": "M50 18 Q76 20 76 50 Q74 80 50 84 Q26 80 24 50 Q24 20 50 18 M36 44 H44 M56 44 H64 M50 48 V58 M42 68 H58",
}
_DRAWING = re.compile(r"(?P<motif>[a-z]+)-(?P<tint>[0-9a-f]{6})-(?P<letter>\w)\.svg")

SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" role="img">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>\
<stop offset="1" stop-color="{soft}"/></linearGradient></defs>
<rect width="100" height="100" fill="url(#g)"/>
<path d="{path}" fill="#ffffff66" stroke="#{tint}" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>
<text x="91" y="94" font-family="sans-serif" font-size="13" font-weight="700" text-anchor="middle" fill="#{tint}">{letter}</text>
</svg>"""


def image_path(motif: str, tint: str, name: str) -> str:
    return f"/demo/images/{motif}-{tint}-{quote(name[0])}.svg"


def draw(motif: str, tint: str, letter: str) -> str:
    """The SVG text; raises KeyError for an unknown motif."""
    return SVG.format(
        path=MOTIFS[motif], tint=tint, letter=letter, light=_towards_white(tint, 0.86), soft=_towards_white(tint, 0.6)
    )


def _towards_white(tint: str, share: float) -> str:
    parts = (int(tint[i : i + 2], 16) for i in (0, 2, 4))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


@router.get("/demo/images/{drawing}")
def product_image(drawing: str) -> Response:
    found = _DRAWING.fullmatch(drawing)
    if found is None or found["motif"] not in MOTIFS:
        raise NotFound("no such drawing")
    headers = {"cache-control": "public, max-age=604800, immutable"}
    return Response(draw(found["motif"], found["tint"], found["letter"]), media_type="image/svg+xml", headers=headers)
