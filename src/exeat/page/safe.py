"""Text from strangers made harmless to read: what cannot be seen is shown.

A name may carry characters that turn the reading direction round, hide letters, or drive a terminal. None of them has a
place in a name or a title, so each is printed as its code.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = {"\u200c", "\u200d"}  # real in Persian and Indic names, yet able to hide: shown as well
HIDDEN = {"\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u2800", "\u3164", "\uffa0"}
# Of what Python calls printable, these alone are hidden; a test holds `visible` equal to asking `hidden` of each.
LURKING = re.compile(f"[{''.join(sorted(JOINERS | HIDDEN))}\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def hidden(char: str) -> bool:
    """Whether a character cannot be seen, or changes how others are seen."""
    if char in HIDDEN or char in JOINERS:
        return True
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"):
        return True
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"  # variation selectors


def visible(text: str) -> str:
    """``text`` on one line, with every hidden character as ``⟨U+202E⟩``; white space becomes a space."""
    if text.isprintable() and (text.isascii() or not LURKING.search(text)):
        return text
    flat = " ".join(text.split()) if any(char.isspace() and char != " " for char in text) else text
    return "".join(f"⟨U+{ord(char):04X}⟩" if hidden(char) else char for char in flat)


def web_address(url: str) -> str:
    """The address if it is one that a page may link to, else ""."""
    return url if url.startswith(("https://", "http://")) and not any(map(hidden, url)) else ""
