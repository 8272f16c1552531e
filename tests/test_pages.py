"""The pages generated from the law are the committed ones, and their worked transaction is decided as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from exeat.decide.decision import EXIT_CODES, EXIT_SEVERITY
from exeat.decide.engine import Options
from exeat.review.publish import pages
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import read_transaction

ROOT = Path(__file__).resolve().parents[1]


def test_generated_files_are_the_committed_ones(book):
    for name, text in pages(book, ROOT).items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name}: run python -m exeat.review.publish"


def test_vocabulary_page_names_everything(book):
    page = (ROOT / "docs/reference/vocabulary.md").read_text(encoding="utf-8")
    for path in book.vocabulary.facts:
        assert f"`{path}`" in page
    for codes in book.vocabulary.lists.values():
        if codes.name != "places":
            assert all(f"`{code}`" in page for code in codes.codes), codes.name


def test_vocabulary_page_begins_with_a_transaction_that_is_decided(book, engine):
    page = (ROOT / "docs/reference/vocabulary.md").read_text(encoding="utf-8")
    worked = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert worked
    transaction = read_transaction(read_text(worked.group(1), "page"), book.vocabulary, "page")
    assert engine.decide(transaction, Options("2026-11-22")).verdict != "undetermined"


def test_coverage_page_names_every_regime_and_gap(book):
    page = (ROOT / "docs/reference/coverage.md").read_text(encoding="utf-8")
    for regime in book.regimes.values():
        assert f"`{regime.id}`" in page
    gaps = [gap for one in (*book.regimes.values(), *book.jurisdictions.values()) for gap in one.gaps]
    assert gaps
    assert all(gap.title["en"].strip().rstrip(".") in page for gap in gaps)


def test_decision_page_gives_the_order_of_exit_codes_and_every_verdict():
    page = (ROOT / "docs/reference/decision.md").read_text(encoding="utf-8")
    assert f"in this order: {', '.join(map(str, EXIT_SEVERITY))}." in page
    for verdict, code in EXIT_CODES.items():
        assert re.search(rf"^\| `{verdict}` \| .* \| {code} \|$", page, re.MULTILINE), verdict
