"""A page as PDF, by WeasyPrint where it is there; where it is not, or cannot draw the page whole, a reason."""

from __future__ import annotations

import importlib
import logging
import threading
from typing import Any

VARIANT = "pdf/ua-1"  # tagged, so that a screen reader can follow it
MISSING = ".notdef"  # how WeasyPrint's log begins where no font has a character
_one = threading.Lock()  # the log below is the process's own


class NoPdfError(Exception):
    """There is no PDF, and this is why."""


class _Holes(logging.Handler):
    """The characters that no font has: they would be boxes on the page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[int] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(MISSING) and isinstance(record.args, tuple):
            self.found.add(int(str(record.args[-1])))


def render(page: str, name: str) -> bytes:
    """The page as PDF, the same bytes for the same page, fonts and libraries. Nothing is fetched.

    Args:
        page: HTML that stands alone.
        name: what tells this document from others (the decision's hash).

    Raises:
        NoPdfError: WeasyPrint or its libraries are not there, or no font here has all the characters.
    """
    library = _library()
    holes = _Holes()
    log = logging.getLogger("weasyprint")
    with _one:
        log.addHandler(holes)
        log.propagate = False  # that it knows no dark mode is nothing to tell of
        try:
            nothing = library.urls.URLFetcher(allowed_protocols=())
            document = library.HTML(string=page, url_fetcher=nothing)
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=name.encode())
        finally:
            log.removeHandler(holes)
            log.propagate = True
    if holes.found:
        some = ", ".join(f"U+{one:04X}" for one in sorted(holes.found)[:5])
        raise NoPdfError(
            f"no font here has {len(holes.found)} of its characters ({some}); on Debian: apt-get install fonts-noto-cjk"
        )
    return pdf


def _library() -> Any:
    try:
        return importlib.import_module("weasyprint")
    except ImportError:
        raise NoPdfError("WeasyPrint is not installed: pip install 'exeat[pdf]'") from None
    except OSError:
        raise NoPdfError(
            "WeasyPrint finds no Pango; on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        ) from None
