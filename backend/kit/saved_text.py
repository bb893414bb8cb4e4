"""Text files as programs in Korea save them."""


def decoded(body: bytes) -> str | None:
    """UTF-8, with or without its mark, or CP949 as Excel writes it; None where it is neither."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
