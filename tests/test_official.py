"""Official worked examples: translated to transactions, decided, and compared with what the regulator answered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from exeat.decide.engine import Engine, Options
from exeat.vocabulary.reader import Map, Seq, read_file
from exeat.vocabulary.transaction import read_transaction

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared" / "cases"
KNOWN = "2026-11-24"

# The official words and the verdicts that say the same (shared/cases/README.md), kept in this one place.
MAPPING = {
    "prohibited": {"prohibited"},
    "prohibited_not_enforced": {"prohibited_not_enforced"},
    "licence_required": {"licence_required"},
    "restricted_with_conditions": {"conditions", "approval_required"},
    "permitted": {"authorised", "conditions", "no_requirement_found", "not_in_effect"},
    "exempt": {"authorised", "no_requirement_found"},
    "not_subject": {"no_requirement_found"},
    "enjoined": {"not_in_effect"},
    "diligence_required": {"conditions"},
}
STRICTNESS = [
    "no_requirement_found", "not_in_effect", "authorised", "conditions", "approval_required", "licence_required",
    "prohibited",
]  # fmt: skip
STRUCTURE = ("id", "role")  # who is who in the sentence; every other fact quotes it
FLOOR_OF = {  # the mildest verdict that the official word allows: a ceiling below it is a false clearance
    "prohibited": "prohibited",
    "prohibited_not_enforced": "prohibited",
    "licence_required": "licence_required",
    "restricted_with_conditions": "conditions",
    "diligence_required": "conditions",
}


def translations() -> list[tuple[str, Map]]:
    found = []
    for path in sorted((HERE / "official").glob("*.yaml")):
        node = read_file(path, path.name)
        assert isinstance(node, Map)
        assert isinstance(node["translations"], Seq)
        found += [(path.name, one) for one in node["translations"] if "transaction" in one]
    return found


@pytest.fixture(scope="module")
def decided(engine: Engine):
    found = {}
    for file, one in translations():
        transaction = read_transaction(one["transaction"], engine.book.vocabulary, file, str(one["id"]))
        options = Options(
            KNOWN, only=tuple(map(str, one["only"])), without=tuple(map(str, one.get("without", ()))), outlook=False
        )
        found[str(one["id"])] = engine.decide(transaction, options)
    return found


@pytest.mark.parametrize("one", [one for _, one in translations()], ids=lambda one: str(one["id"]))
def test_official_outcome(one: Map, decided):
    decision = decided[str(one["id"])]
    verdicts = {regime.verdict for regime in decision.regimes}
    official = str(one["expected"])
    if official in FLOOR_OF:
        assert STRICTNESS.index(decision.ceiling) >= STRICTNESS.index(FLOOR_OF[official]), "a false clearance"
    if one["gate"] == "strict":
        assert verdicts <= MAPPING[official], f"official {official}, found {verdicts}"


def test_exact_undetermined_and_wrong_are_counted_apart(decided):
    """Advisory cases may miss, but at most one in ten may be left open."""
    count: dict[str, Counter[str]] = {}
    advisory = []
    for _, one in translations():
        verdicts = {regime.verdict for regime in decided[str(one["id"])].regimes}
        right = verdicts <= MAPPING[str(one["expected"])]
        word = "exact" if right else "undetermined" if "undetermined" in verdicts else "wrong"
        count.setdefault(str(one["facts_by"]), Counter())[word] += 1
        if one["gate"] == "advisory":
            advisory.append(word)
    print({by: dict(words) for by, words in count.items()})
    assert advisory.count("undetermined") <= len(advisory) / 10
    assert all(words["wrong"] == 0 for words in count.values()), count


def test_the_words_of_the_case_carry_every_fact():
    """Each translated fact quotes the case; none states the outcome."""
    for file, one in translations():
        for path, node in facts(one["transaction"]):
            assert isinstance(node, Map), f"{file}: {one['id']}: {path} quotes nothing"
            assert node.get("says"), f"{file}: {one['id']}: {path} quotes nothing"


def facts(node: Map, path: str = ""):
    for key in ("activity",):
        if key in node:
            yield key, node[key]
    for key, value in node.get("act", {}).items():
        if key not in ("on", "at", "zone"):
            yield f"act.{key}", value
    for group in ("items", "parties", "places"):
        for number, element in enumerate(node.get(group, ())):
            yield from ((f"{group}.{number}.{key}", value) for key, value in element.items() if key not in STRUCTURE)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official cases are not beside this checkout")
def test_translations_are_of_the_shared_cases():
    shared = {}
    for name in sorted({file for file, _ in translations()}):
        for case in yaml.safe_load((SHARED / name).read_text(encoding="utf-8"))["cases"]:
            shared[case["id"]] = (case, name)
    mine = {str(one["id"]): (one, file) for file, one in translations()}
    for key, (one, _) in mine.items():
        case, _ = shared[key]
        assert one["expected"] == case["expected"]["verdict"]
        assert one["gate"] == case["gate"]
        assert one["facts_by"] == case["facts_by"]
        stated = {**case["facts"], "citation": case["source"]["citation"], "authority": case["source"]["authority"]}
        words = " | ".join(f"{name}: {value}" for name, value in stated.items())
        for path, node in facts(one["transaction"]):
            for part in str(node["says"]).split("; ")[0].split(" … "):  # after a semicolon: why the words say so
                assert part in words, f"{key}: {path} quotes words that the case does not have: {part}"
    untranslated = {
        key for key, (case, _) in shared.items() if key not in mine and case["expected"]["verdict"] != "classification"
    }
    assert not untranslated
