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
from exeat.screen.names.learn import Learnt, learn, with_names, with_words

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
    "Learnt",
    "Reading",
    "analyse",
    "learn",
    "with_names",
    "with_words",
]
