"""The log, and what must never stand in it: tokens, cookies, passwords."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from exeat.serve.config import Config

HIDDEN = "[hidden]"
SHAPES = re.compile(r"(exeat_[0-9a-f]{12}_)[\w-]+|((?:Bearer|Basic)\s+)[^\s,'\"]+|((?:__Host-)?exeat=)[^;\s]+", re.I)
PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")


class Quiet(logging.Filter):
    """Takes secrets out of whatever is logged, its traceback too."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self.secrets = tuple(one for one in secrets if one)

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.msg, record.args = self.clean(told), ()
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        return True

    def clean(self, text: str) -> str:
        """The text without what is secret."""
        for one in self.secrets:
            text = text.replace(one, HIDDEN)
        text = SHAPES.sub(lambda m: f"{m[1] or m[2] or m[3]}{HIDDEN}", text)
        return PASSWORD.sub(rf"\1{HIDDEN}@", text)


def keep_quiet(config: Config) -> Quiet:
    """Put the filter before every logger that a request can reach."""
    secrets = [config.oidc.client_secret] if config.oidc else []
    secrets.append(urlsplit(config.record).password or "" if "@" in config.record else "")
    found = Quiet(tuple(secrets))
    for name in ("exeat.serve", "uvicorn", "uvicorn.error", "uvicorn.access", "litestar", "asyncio", "mcp"):
        logger = logging.getLogger(name)
        for old in [one for one in logger.filters if isinstance(one, Quiet)]:
            logger.removeFilter(old)
        logger.addFilter(found)
    return found


def log_fault(method: str, path: str, error: BaseException) -> None:
    """A fault of exeat's own, with its traceback."""
    logging.getLogger("exeat.serve").error(
        "fault in %s %s", method, path.encode("unicode_escape").decode()[:200],
        exc_info=(type(error), error, error.__traceback__),
    )  # fmt: skip
