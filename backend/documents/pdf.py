"""HTML as a PDF, made by WeasyPrint; it needs Pango on the machine (README, "Requirements")."""

import threading
from functools import lru_cache
from typing import Any

from backend.errors import Unavailable

NEEDED = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PATIENCE = 20  # seconds to wait for the PDF before ours
KEPT = 16  # PDFs of the same page, asked for again
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
    document: bytes = weasyprint.HTML(string=html, url_fetcher=nothing).write_pdf()
    return document


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
