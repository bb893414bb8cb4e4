"""GET a kept picture: open to everybody like any shop's pictures; only names of our own making lead to a file."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from backend.errors import NotFound
from backend.images.store import PREFIX, file_of

router = APIRouter(include_in_schema=False)
HEADERS = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}


@router.get("/images/{mall}/{name}")
def kept_picture(mall: str, name: str) -> FileResponse:
    """A name never holds anything else later, so a browser may keep it for good."""
    file = file_of(f"{PREFIX}{mall}/{name}")
    if file is None or not file.is_file():
        raise NotFound("no such picture")
    return FileResponse(file, headers=HEADERS)
