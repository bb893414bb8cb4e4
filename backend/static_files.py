"""The widget's and the pages' files: kept by a browser, but asked about at every use."""

from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response


class Revalidated(StaticFiles):
    """An ES module imports its neighbours by plain names, so only asking (ETag, 304) brings a new release to everyone."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response
