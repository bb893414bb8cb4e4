"""Korean words on paper: a line ends between them, and what is copied out is what was written."""

from io import BytesIO

import pypdf

from backend.documents.pdf import pdf_of

PAGE = """<html lang="ko"><head><style>@page {{ size: 60mm 60mm; margin: 4mm }}
body {{ font: 8pt "Noto Sans CJK KR", sans-serif; overflow-wrap: anywhere }}</style></head><body><p>{}</p></body></html>"""


def lines_of(text: str) -> list[str]:
    page = pypdf.PdfReader(BytesIO(pdf_of(PAGE.format(text)))).pages[0]
    return [line.strip() for line in page.extract_text().splitlines()]


def test_a_line_ends_between_words_and_nothing_is_added_to_them() -> None:
    said = "부재 시 문 앞에 놓아 주시고 벨은 누르지 말아 주세요. 아기가 자고 있어요. 도착하면 문자 꼭 부탁드립니다!"
    lines = lines_of(said)
    assert len(lines) > 2
    assert " ".join(lines) == said


def test_a_word_longer_than_its_line_is_broken_and_none_of_it_lost() -> None:
    word = "가나다라마바사아자차카타파하" * 5
    lines = lines_of(f"앞 {word} 뒤")
    assert len(lines) > 2
    assert "".join(lines).replace(" ", "") == f"앞{word}뒤"
