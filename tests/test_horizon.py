"""The horizon's days are exactly the days on which the headline changes."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import msgspec
import pytest

from exeat.decide.engine import Engine, Options
from exeat.vocabulary.transaction import Act
from tests.random_law import Maker


@pytest.mark.parametrize("seed", range(12))
def test_horizon_is_exactly_where_the_headline_changes(seed):
    source = random.Random(1000 + seed)
    for _ in range(12):
        maker = Maker(source, listings=random.Random(source.random()))
        engine = Engine(maker.book(5))
        for _ in range(2):
            transaction = maker.transaction(missing=0.05)
            options = Options(known=source.choice(("2020-01-20", "2026-01-01")))
            facts = engine.facts(transaction)
            ahead = engine.horizon(transaction, options, facts)
            assert all(a.range != b.range for a, b in itertools.pairwise(ahead))
            day, end = dt.date(2019, 12, 20), dt.date(2020, 3, 25)
            while day < end:
                when = Act(on=day.isoformat(), zone=transaction.when.zone)
                found = engine.headline(msgspec.structs.replace(transaction, when=when), options)
                told = [one.range for one in ahead if one.on <= day.isoformat()][-1]
                assert found == told, day
                day += dt.timedelta(days=1)
