"""Words near a word: exactly those that a comparison with every word finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from exeat.screen.near import PREFIX, build, near


def _budget(length: int) -> int:
    return 0 if length < 3 else 1 if length < 7 else 2 if length < 12 else 3


# Two letters make many near words; the long ones share beginnings, where only prefixes are filed.
_WORDS = st.one_of(st.text("ab", max_size=9), st.text("ab", min_size=9, max_size=17), st.text("aé王🂡", max_size=5))


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, unique=True, max_size=60), st.lists(_WORDS, unique=True, min_size=1, max_size=10))
def test_same_as_comparing_with_every_word(words: list[str], asked: list[str]) -> None:
    found = near(build(words, _budget), words, asked, _budget)
    got = list(zip(found.asked.tolist(), found.found.tolist(), found.distance.tolist(), strict=True))
    wanted = [
        (a, w, OSA.distance(one, word))
        for a, one in enumerate(asked)
        for w, word in enumerate(words)
        if OSA.distance(one, word) <= _budget(max(len(one), len(word)))
    ]
    assert got == wanted


@settings(max_examples=200, deadline=None)
@given(st.text("abcd", min_size=PREFIX, max_size=30), st.data())
def test_a_long_word_is_found_after_edits_anywhere(word: str, data: st.DataObject) -> None:
    changed = list(word)
    for _ in range(_budget(len(word))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from("idsx"))
        if kind == "i":
            changed.insert(at, "z")
        elif kind == "d":
            del changed[at]
        elif kind == "s":
            changed[at] = "y"
        else:
            changed[at : at + 2] = changed[at : at + 2][::-1]
    asked = "".join(changed)
    if OSA.distance(asked, word) <= _budget(max(len(asked), len(word))):
        assert np.array_equal(near(build([word], _budget), [word], [asked], _budget).found, [0])
