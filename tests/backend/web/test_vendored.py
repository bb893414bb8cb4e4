"""What browsers load comes from this product alone."""

import re
import subprocess
import sys

from backend.settings import ROOT

WEB = ROOT / "backend" / "web"


def test_vendored_files_are_what_was_pinned() -> None:
    subprocess.run([sys.executable, "tools/vendor_web.py", "--check"], cwd=ROOT, check=True)


def test_pages_load_nothing_from_other_hosts() -> None:
    for path in (*WEB.rglob("*.html"), *(WEB / "static" / "pages").iterdir()):
        found = re.findall(
            r"""(?:src|href|url\(|import|fetch\()\s*=?\s*["'(]*(https?:)?//""", path.read_text(encoding="utf-8")
        )
        assert not found, path
