"""Telephone numbers as people write them."""

import pytest

from backend.kit.phone import hyphenated


@pytest.mark.parametrize("number, written", [
    ("0264001188", "02-6400-1188"), ("027331188", "02-733-1188"), ("01012345678", "010-1234-5678"),
    ("0313331188", "031-333-1188"), ("050412345678", "0504-1234-5678"), ("07048880215", "070-4888-0215"),
    ("15881234", "1588-1234"), ("010-1234-5678", "010-1234-5678"), ("+1 650-253-0000", "+1 650-253-0000"), ("", ""),
])  # fmt: skip
def test_a_number_is_written_in_its_groups(number: str, written: str) -> None:
    assert hyphenated(number) == written
