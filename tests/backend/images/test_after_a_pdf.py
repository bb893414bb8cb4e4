"""Making a PDF must not change what counts as a picture."""

from PIL import ImageFile

from backend.documents.pdf import pdf_of


def test_a_broken_picture_stays_broken_after_a_pdf_was_made() -> None:
    pdf_of("<p>PDF</p>")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
