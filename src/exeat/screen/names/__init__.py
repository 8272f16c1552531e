"""Names made comparable: fold, transliterate, translate company terms, and class what each word is.

``analyse`` is the one normaliser, for what is asked and for what is listed. Its result is plain data (tuples of text
and small numbers), immutable, and depends on its arguments only.
"""

from exeat.screen.names.analysed import (
    ACRONYM,
    FORM,
    GENERIC,
    INITIAL,
    NAME,
    NUMBER,
    PARTICLE,
    PLACE,
    Analysed,
    Reading,
)
from exeat.screen.names.build import analyse

__all__ = [
    "ACRONYM",
    "FORM",
    "GENERIC",
    "INITIAL",
    "NAME",
    "NUMBER",
    "PARTICLE",
    "PLACE",
    "Analysed",
    "Reading",
    "analyse",
]
