"""HTML as a PDF, made by WeasyPrint; it needs Pango on the machine (README, "Requirements")."""

import re
import threading
from functools import lru_cache
from typing import Any

from backend.errors import Unavailable

NEEDED = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PATIENCE = 20  # seconds to wait for the PDF before ours
KEPT = 16  # PDFs of the same page, asked for again
WORD_JOINER = "\N{WORD JOINER}"
# WeasyPrint knows no `word-break: keep-all` and would break a line after any syllable; longer words must be broken somewhere
_WORD = re.compile(r"(?<![\uac00-\ud7a3])[\uac00-\ud7a3]{2,10}(?![\uac00-\ud7a3])")
_one_at_a_time = threading.Lock()


def pdf_of(html: str) -> bytes:
    """Takes about a second of one core: call it in a thread. Raises Unavailable `pdf_unavailable` or `pdf_busy`."""
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Unavailable("other documents are being made", code="pdf_busy")
    try:
        return _made(html)
    finally:
        _one_at_a_time.release()


@lru_cache(maxsize=KEPT)
def _made(html: str) -> bytes:
    weasyprint = _weasyprint()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=("data",))  # self-contained: no address is ever fetched
    document: bytes = weasyprint.HTML(string=whole_words(html), url_fetcher=nothing).write_pdf()
    return document


def whole_words(html: str) -> str:
    """The page with Korean words that lines do not break; what is copied out of the PDF holds nothing of it."""
    head, body, page = html.partition("<body")
    return head + body + _WORD.sub(lambda word: WORD_JOINER.join(word[0]), page)


def _weasyprint() -> Any:
    """Loaded when first needed: it takes a second, and without Pango all the rest must still work."""
    try:
        import weasyprint
        from PIL import ImageFile

        # WeasyPrint has Pillow accept broken pictures everywhere; ours are looked at for just that
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    except (OSError, ImportError) as error:  # Pango is missing; or WeasyPrint itself
        needed = ["weasyprint"] if isinstance(error, ImportError) else list(NEEDED)
        raise Unavailable("the server cannot make PDFs", code="pdf_unavailable", packages=needed) from error
    return weasyprint
