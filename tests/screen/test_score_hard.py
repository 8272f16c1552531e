"""Hard pairs of our own wording (hard_pairs.tsv says how they were made): what is found, and what is told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from exeat.screen.model import PartyKind
from exeat.screen.names import analyse
from exeat.screen.score import THRESHOLD, points


class Hard(NamedTuple):
    kind: PartyKind
    asked: str
    listed: str
    same: bool
    why: str


def _hard() -> Iterator[Hard]:
    for line in (Path(__file__).parent / "hard_pairs.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, asked, listed, same, why = line.split("\t")
            yield Hard(cast(PartyKind, kind), asked, listed, same == "yes", why)


PAIRS = list(_hard())
# What is known to be wrong, so that nothing else becomes so: one name put into Arabic by meaning is missed; the others
# are alarms that a rule would pay for with names that are found today (docs/decisions/0011-matching.md).
WRONG = frozenset(
    {
        ("شركة النجم الأزرق للتجارة العامة", "Blue Star General Trading Company"),
        ("Acme Trading LLC", "Acme Shipping LLC"),
        ("Al Noor Electronics Trading LLC", "Al Noor Medical Supplies LLC"),
        ("Blue Star Shipping Co", "Blue Sea Shipping Co"),
        ("First Ural Bank", "First Baikal Bank"),
        ("GOLDEN HERON", "GOLDEN HARBOUR"),
        ("Global Logistics Solutions Ltd", "Global Energy Solutions Ltd"),
        ("Halvorsen Manufacturing Shanghai", "Halvorsen Manufacturing Dubai"),
        ("KAPITAN VORONTSEV", "KAPITAN VOROTYNTSEV"),
        ("Kestrel Avionics GmbH", "Kestrel Foods GmbH"),
        ("Muhammad Faisal Ramli", "Muhammad Faisal Ramzi"),
        ("Сергей Громыхов", "Sergei Gromov"),
        ("محمد حسن الخالدي", "Mahmoud Hussein al-Khalidi"),
        ("北京恒远精密仪器有限公司", "Shanghai Hengyuan Precision Instrument Co., Ltd."),
        ("哈尔滨北辰工业大学", "Shenyang Beichen University"),
        ("沈阳华锐数控机床集团", "Dalian Huarui Heavy Machinery Group"),
    }
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.asked} ~ {pair.listed}")
def test_a_hard_pair(pair: Hard) -> None:
    found = points(analyse(pair.asked, pair.kind), analyse(pair.listed, pair.kind)) >= THRESHOLD
    assert (found == pair.same) != ((pair.asked, pair.listed) in WRONG)
