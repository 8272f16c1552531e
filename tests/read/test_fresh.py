"""Reports of our own wording, annotated by the codebook before the reader saw them: what it says must be what an
annotator would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from exeat.read.merge import family
from exeat.read.model import Mention
from tests.read.test_mentions import read

DOCUMENTS = yaml.safe_load((Path(__file__).parent / "fresh.yaml").read_text("utf-8"))["documents"]
GROUPS = ("measure", "proceeding")  # what else a report tells is not asked here


def said(actors: Any) -> set[str]:
    return {actor.id or actor.name for actor in actors}


def is_one(wanted: str, got: set[str], names: set[str]) -> bool:
    return wanted in got or wanted in names


def faults(wanted: dict[str, Any], got: Mention) -> list[str]:
    """In what a mention differs from what was annotated."""
    found = []
    for field in ("actors", "targets"):
        if field in wanted:
            have = [(actor.id, actor.name) for actor in getattr(got, field)]
            missing = [one for one in wanted[field] if not any(one in pair for pair in have)]
            extra = [pair for pair in have if not any(one in pair for one in wanted[field])]
            found += [f"{field} missing {missing} extra {extra}"] if missing or extra else []
    if wanted["status"] != got.status:
        found.append(f"status {got.status}")
    for field in ("announced", "effective", "deadline"):
        if field in wanted:
            moment = getattr(got, field)
            value = moment.value if moment else "none"
            found += [f"{field} {value}"] if value != wanted[field] else []
    values = [quantity.value for quantity in got.quantities]
    found += [f"quantity {value} not in {values}" for value in wanted.get("quantities", ()) if value not in values]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=[one["id"] for one in DOCUMENTS])
def test_a_fresh_report_reads_as_annotated(document: dict[str, Any]) -> None:
    got = [
        mention
        for mention in read(document["text"], document["day"])
        if mention.group in GROUPS or any(one["action"] == mention.action for one in document["mentions"])
    ]
    told = [f"{one.action} {sorted(said(one.targets))} {one.status}" for one in got]
    left, problems = list(got), []
    for wanted in document["mentions"]:
        alike = [one for one in left if family(one.action) == family(wanted["action"])]
        if not alike:
            problems.append(f"no {wanted['action']} among {told}")
            continue
        best = min(alike, key=lambda one: len(faults(wanted, one)))
        left.remove(best)
        problems += [f"{wanted['action']}: {fault}" for fault in faults(wanted, best)]
    problems += [
        f"not annotated: {one.action} {said(one.targets)} {one.status} {one.evidence[0].quote}" for one in left
    ]
    assert not problems, "\n".join(problems)
