"""Small lists of invented parties in the store of a test."""

from __future__ import annotations

from exeat.decide.engine import today
from exeat.screen.lists import store_path
from exeat.screen.model import Identifier, Listing, Name, Party
from exeat.screen.store import Incoming, Store

HERON = "us.entity-list/el-77"


def party(list_id, entry, *names, kind="organisation", **more):
    return Party(f"{list_id}/{entry}", kind, tuple(Name(name) for name in names), Listing(list_id, entry), **more)


def filled(*more, day=""):
    """Two lists as of a day (today), and whoever else is named."""
    entity = [
        party("us.entity-list", "el-77", "Night Heron Imaging Co., Ltd.", "夜鹭影像有限公司", countries=("CN",),
              identifiers=(Identifier("lei", "5493001KJTIIGC8Y1R12"),)),
        party("us.entity-list", "el-78", "Plant 11420 of Precision Springs", countries=("RU",)),
        *more,
    ]  # fmt: skip
    people = [party("us.sdn", "1", "Ivan Sergeyevich Lampochkin", kind="person", born=("1970-03-01",))]
    day = day or today()
    with Store(store_path()) as store:
        store.add_all([Incoming("us.entity-list", entity, day, day), Incoming("us.sdn", people, day, day)])
