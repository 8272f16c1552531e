"""Errors that say what was wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """One fault in something a person wrote.

    Args:
        problem: what is wrong, in one sentence.
        file: the file it stands in, as the user named it ("" if it came from nowhere).
        line: line number from 1, or 0 where it is not known.
        path: the place inside the document, such as ``parties.1.role``.
        found: what was found there.
        allowed: what would be allowed, in words.
        hint: the nearest right word, or the way to mend it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str = "",
        line: int = 0,
        path: str = "",
        found: str = "",
        allowed: str = "",
        hint: str = "",
    ) -> None:
        self.problem, self.file, self.line, self.path = problem, file, line, path
        self.found, self.allowed, self.hint = found[:200], allowed, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line or "") if part)
        head = f"{place}: " if place else ""
        at = f"{self.path}: " if self.path else ""
        tail = [
            f"found {self.found!r}" if self.found else "",
            f"allowed: {self.allowed}" if self.allowed else "",
            self.hint,
        ]
        return f"{head}{at}{self.problem}" + "".join(f"; {part}" for part in tail if part)

    def of_file(self, file: str) -> InputError:
        """The same error with its file, where whoever raised it did not know it."""
        if self.file:
            return self
        return InputError(
            self.problem,
            file=file,
            line=self.line,
            path=self.path,
            found=self.found,
            allowed=self.allowed,
            hint=self.hint,
        )

    def record(self) -> dict[str, object]:
        """The error as plain data, for ``--json``."""
        keys = ("problem", "file", "line", "path", "found", "allowed", "hint")
        return {key: getattr(self, key) for key in keys if getattr(self, key)}


class InputErrors(Exception):  # noqa: N818  the plural of InputError
    """All the faults that were found in one reading."""

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A hint that names the allowed word closest to ``word``, or ""."""
    close = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
