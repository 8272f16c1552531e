"""Decisions kept, found again, overridden, asked again, and disposed of."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.decide.engine import Engine, Options
from exeat.errors import InputError
from exeat.record import retention
from exeat.record.document import from_document, to_document
from exeat.record.editions import editions, keep_edition, load_edition
from exeat.record.entry import RecordError, canonical
from exeat.record.ledger import Confirmed, Filter, Kept, Record
from exeat.record.rerun import Runner, difference
from exeat.record.store import BLOB, ENTRY, TERM
from exeat.review.cases import load_cases
from exeat.rulebook.load import load_book, shipped_law
from exeat.vocabulary.model import Entries, ListedRow, Screening
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import load_transaction, read_transaction
from tests.conftest import ROOT

BASE = ROOT / "tests" / "base_law"
KNOWN = "2026-11-20"
OPTIONS = Options(KNOWN)
TRANSACTION = """\
transaction: "1"
title: A chip for the North
act: {on: %s, paid: "true"}
activity: send
complete: true
items: [{id: it, kind: %s, node: 7 nm}]
parties:
  - {id: us, role: sender, name: Acme Chips, based: IT}
  - {id: them, role: receiver, name: Northern Trading AB, based: SE, listing: %s}
places: [{role: to, is: SE}, {role: from, is: IT}]
"""


@pytest.fixture(scope="module")
def base() -> Engine:
    return Engine(load_book([BASE]))


def asked(base: Engine, on: str = "2021-06-01", listing: str = "unknown", kind: str = "chip"):
    return read_transaction(read_text(TRANSACTION % (on, kind, listing), "deal"), base.book.vocabulary, "deal")


def keep(
    record: Record, base: Engine, on: str = "2021-06-01", listing: str = "unknown", kind: str = "chip", **more
) -> int:
    transaction = asked(base, on, listing, kind)
    decision = base.decide(transaction, OPTIONS)
    more = {"by": "Ann", "folders": [BASE], **more}
    return record.keep(decision, transaction, OPTIONS, base.book, **more).n


# --- keeping and finding


def test_a_decision_is_kept_whole(record, base):
    transaction = asked(base)
    decision = base.decide(transaction, OPTIONS)
    entry = record.keep(decision, transaction, OPTIONS, base.book, by="Ann", folders=[BASE])
    case = record.case(entry.n)
    assert case.kept.decision() == decision
    assert case.kept.options == OPTIONS
    assert case.kept.transaction(base.book.vocabulary) == transaction
    assert (case.summary.machine, case.summary.on, case.summary.by) == (decision.verdict, "2021-06-01", "Ann")
    assert [record.find(word) for word in (str(entry.n), decision.id, decision.hash)] == [entry.n] * 3
    assert record.verify(record.head()).faults == ()


def test_an_edition_is_told_once(record, base):
    keep(record, base)
    keep(record, base, "2024-01-01")
    with Record(record.store.engine.url.render_as_string(hide_password=False)) as again:
        keep(again, base, "2024-01-02")
        told = [one.data() for one in again.entries(kinds=["versions"])]
    assert [(one["edition"], one["kept"]) for one in told] == [(base.book.hash, True)]


def test_the_same_decision_twice_must_be_named_by_number(record, base):
    first, second = keep(record, base), keep(record, base)
    with pytest.raises(RecordError, match=f"allowed: {first}, {second}"):
        record.find(record.summary(first).id)
    with pytest.raises(RecordError, match="no such decision"):
        record.find("0000-0000")


def test_a_key_keeps_once(record, base):
    assert keep(record, base, key="order 7") == keep(record, base, key="order 7")
    with pytest.raises(RecordError, match="used for something else"):
        keep(record, base, "2024-02-02", key="order 7")


def test_filters(record, base):
    early = keep(record, base, "2020-01-01")
    barred = keep(record, base, "2021-06-01")
    open_ = keep(record, base, "2021-07-01", "{candidates: [base.list/acme]}", "book")
    verdicts = {n: record.summary(n).machine for n in (early, barred, open_)}
    assert len(set(verdicts.values())) > 1, verdicts

    def found(**chosen):
        return [one.n for one in record.cases(Filter(**chosen))]

    assert found() == [open_, barred, early]
    assert found(verdict=verdicts[barred]) == [n for n in (open_, barred, early) if verdicts[n] == verdicts[barred]]
    assert found(on="2021-01-01") == [open_, barred]
    assert found(until="2021-06-01") == [barred, early]
    assert found(party="NORTHERN") == [open_, barred, early]
    assert found(party="100%") == found(party="nobody") == []
    assert set(found(rule="base.order")) >= {barred}
    assert found(rule="base.ord") == []
    assert found(edition=base.book.hash) == [open_, barred, early]
    assert set(found(open=True)) | set(found(open=False)) == {early, barred, open_}
    assert [one.n for one in record.cases(before=open_, limit=1)] == [barred]
    assert record.count() == 3
    assert record.count(Filter(on="2021-01-01")) == 2
    assert all(one.open == (one.n in found(open=True)) for one in record.cases())


def test_a_changed_index_is_found(record, base):
    """Whoever cannot change an entry unseen might hide it from searches."""
    n = keep(record, base, key="k")
    concluded = record.override(n, "authorised", "permit", by="Bo").n
    assert record.verify().faults == ()
    for change in (
        sa.delete(TERM).where(TERM.c.n == n, TERM.c.name == "party"),
        sa.update(TERM).where(TERM.c.n == concluded).values(value="prohibited"),
    ):
        with record.store.writing() as connection:
            connection.execute(change)
    with record.store.writing() as connection:
        connection.execute(sa.update(ENTRY).where(ENTRY.c.n == 2).values(about=n))
    assert [one.n for one in record.verify().faults] == [2, n, concluded]


def test_pages_are_whole(record, base, monkeypatch):
    monkeypatch.setattr("exeat.record.ledger.PAGE", 2)
    monkeypatch.setattr("exeat.record.store.PAGE", 2)
    numbers = [keep(record, base, f"2021-06-0{day}") for day in range(1, 6)]
    assert [one.n for one in record.cases()] == numbers[::-1]
    assert [one.n for one in record.cases(limit=3)] == numbers[:1:-1]
    assert [one.n for one in record.entries(kinds=["decision"])] == numbers


# --- what people enter


def test_an_override_erases_nothing(record, base):
    n = keep(record, base)
    machine = record.summary(n).machine
    record.override(n, "licence_required", "counsel: the special permit of 2021", by="Bo")
    record.override(n, "authorised", "permit 12 granted", by="Cy")
    case = record.case(n)
    assert (case.summary.machine, case.summary.concluded) == (machine, "authorised")
    assert [(one.verdict, one.by) for one in case.conclusions] == [("licence_required", "Bo"), ("authorised", "Cy")]
    assert case.kept.decision().verdict == machine
    assert [one.data()["machine"] for one in case.later] == [machine, machine]
    assert record.verify(record.head()).faults == ()


def test_an_open_decision_is_closed_by_a_conclusion_or_a_later_answer(record, base):
    first, second = (keep(record, base, "2021-07-01", "{candidates: [base.list/acme]}", "book") for _ in range(2))
    assert [record.summary(n).open for n in (first, second)] == [True, True]
    record.override(first, "prohibited", "it is them", by="Bo")
    later = keep(record, base, "2021-07-01", "[base.list/acme]", "book", follows=second)
    assert [record.summary(n).open for n in (first, second)] == [False, False]
    assert {one.n for one in record.cases(Filter(open=True))} == ({later} if record.summary(later).open else set())


def test_those_under_a_hold_are_found(record, base):
    never, lifted, again = (keep(record, base, f"2021-06-0{day}") for day in (1, 2, 3))
    for n in (lifted, again):
        record.hold(n, "subpoena", by="Bo")
        record.hold(n, "closed", by="Bo", lift=True)
    record.hold(again, "another subpoena", by="Bo")
    assert [one.n for one in record.cases(Filter(held=True))] == [again]
    assert [one.n for one in record.cases(Filter(held=False))] == [lifted, never]
    assert [one.held for one in record.cases()] == [True, False, False]


def test_what_else_is_entered(record, base):
    n = keep(record, base)
    record.confirm(n, [Confirmed("act.paid", "true", says="invoice 8")], by="Bo")
    record.decide_hit(
        "Northern Trading AB", "base.list/acme", "dismissed", "another town", by="Bo", n=n, expires="2027-01-01"
    )
    record.note(n, "see file 7", by="Bo")
    record.read("case", by="Auditor", n=n)
    record.see_lists([{"list": "base", "as_of": "2026-01-01"}])
    assert [one.kind for one in record.case(n).later] == ["confirmation", "hit", "note", "read"]
    assert [one.kind for one in record.entries()][-1] == "versions"
    assert record.case(n).later[0].data()["facts"][0]["says"] == "invoice 8"


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (lambda r, n: r.override(n, "cleared", "because", by="Bo"), "no such verdict"),
        (lambda r, n: r.override(n, "authorised", " ", by="Bo"), "say why"),
        (lambda r, n: r.override(n + 90, "authorised", "because", by="Bo"), "no such decision"),
        (lambda r, n: r.override(n, "authorised", "because", by=" "), "one line of text"),
        (lambda r, n: r.override(1, "authorised", "because", by="Bo"), "no such decision"),
        (lambda r, n: r.confirm(n, [], by="Bo"), "nothing is confirmed"),
        (lambda r, n: r.hold(n, "", by="Bo"), "say why"),
        (lambda r, n: r.hold(0, "all of it", by="Bo"), "no such decision"),
        (lambda r, n: r.confirm(0, [Confirmed("act.paid", "true")], by="Bo"), "no such decision"),
        (lambda r, n: r.note(n, "", by="Bo"), "nothing is said"),
        (lambda r, n: r.event(n, "party", "2021-01-01", by="Bo"), "no such event"),
        (lambda r, n: r.event(n, "done", "2021-13-01", by="Bo"), "not a day"),
        (lambda r, n: r.decide_hit("a", "b", "maybe", "why", by="Bo"), "no such outcome"),
        (lambda r, n: r.case(1), "no such decision"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(small, base, does, says):
    n = keep(small, base)
    head = small.head()
    with pytest.raises(InputError, match=says):
        does(small, n)
    assert small.head() == head


# --- documents


def test_every_case_of_the_law_survives_as_a_document(engine):
    """The transactions of all cases and examples: read, written out, read again, the same; through JSON, as stored."""
    book = engine.book
    found = [case.transaction for case in load_cases(book, [shipped_law()])]
    found += [load_transaction(path, book.vocabulary) for path in sorted((ROOT / "examples").rglob("*.yaml"))]
    assert len(found) > 300
    for transaction in found:
        document = msgspec.json.decode(canonical(to_document(transaction, book.vocabulary)))
        assert from_document(document, book.vocabulary) == transaction


def test_listings_survive_as_a_document(base):
    """All that a screening can say of a party, an entry on two lists at once included."""
    rows = (
        ListedRow(
            "base.list/acme",
            "2021-01-01",
            "2021-01-01",
            "",
            (("policy", "mild"), ("name", "Acme")),
            "Acme",
            "list of 2021",
        ),
        ListedRow("base.list/acme", "2022-01-01", columns=(("policy", "strict"),)),
        ListedRow("base.list/other", "2022-01-01", until="2023-01-01"),
    )
    screening = Screening(("a", "b"), "v1", "2022-01-01", "Ann", "0.8", "2022-02-01", "2021-01-01")
    plain = asked(base)
    for value in (
        Entries(
            frozenset(["base.list/acme"]),
            screening,
            frozenset(["base.list/other"]),
            rows,
            frozenset(["base.list/third"]),
        ),
        Entries(frozenset(), True),
        Entries(frozenset(), screening, dismissed=frozenset(["base.list/other"]), rows=rows[2:]),
        Entries(frozenset()),
    ):
        them = plain.parties[1]
        facts = {
            **them.facts,
            "party.listing": msgspec.structs.replace(
                them.facts["party.listing"], value=value, source="screened", says="x"
            ),
        }
        changed = msgspec.structs.replace(plain, parties=(plain.parties[0], msgspec.structs.replace(them, facts=facts)))
        document = msgspec.json.decode(canonical(to_document(changed, base.book.vocabulary)))
        again = from_document(document, base.book.vocabulary)
        assert again.canonical() == changed.canonical()
        assert again.parties[1].facts["party.listing"].says == "x"


# --- asking again


def changed_law(tmp_path: Path, old: str, new: str, file: str = "order.yaml") -> Engine:
    """The tiny law with something in it changed."""
    folder = tmp_path / "base_law"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BASE, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Engine(load_book([folder]))


def test_own_law_gives_the_same_to_the_letter(record, base):
    n = keep(record, base)
    again = Runner(record, base, KNOWN).rerun(n)
    assert (again.same, again.says) == (True, "")
    assert again.decision.hash == record.case(n).kept.decision().hash


def test_own_law_is_kept_with_the_record(record, base, tmp_path):
    """Today's law is another; the edition of then comes out of the record itself, and gives the same."""
    n = keep(record, base)
    other = changed_law(tmp_path, "effect: prohibited", "effect: licence_required")
    again = Runner(record, other, KNOWN).rerun(n)
    assert again.same is True
    assert again.decision.edition.endswith(base.book.hash)


def test_a_law_that_was_not_kept_is_not_pretended(record, base, tmp_path):
    n = keep(record, base, folders=())
    other = changed_law(tmp_path, "effect: prohibited", "effect: licence_required")
    again = Runner(record, other, KNOWN).rerun(n)
    assert (again.same, again.decision) == (None, None)
    assert "is not at hand" in again.says
    today = Runner(record, other, KNOWN).rerun(n, "today")
    assert (today.same, today.difference.facts) == (False, None)


def test_a_damaged_edition_is_not_at_hand(record, base):
    keep(record, base)
    assert load_edition(record.store, base.book.hash).rules.keys() == base.book.rules.keys()
    assert editions(record.store) == {base.book.hash: base.book.edition}
    with record.store.writing() as connection:
        row = connection.execute(sa.select(BLOB).order_by(BLOB.c.hash)).first()
        other = connection.execute(sa.select(BLOB.c.content).order_by(BLOB.c.hash.desc())).scalar()
        connection.execute(sa.update(BLOB).where(BLOB.c.hash == row.hash).values(content=other))
    assert load_edition(record.store, base.book.hash) is None
    assert load_edition(record.store, "0" * 64) is None


def test_an_edition_whose_files_have_changed_is_not_kept(record, base, tmp_path):
    folder = tmp_path / "base_law"
    shutil.copytree(BASE, folder)
    (folder / "book.yaml").write_text("changed meanwhile", encoding="utf-8")
    assert not keep_edition(record.store, base.book, [folder])
    assert editions(record.store) == {}


def test_an_answer_that_differs_under_its_own_law_is_told(record, base):
    n = keep(record, base)
    entry = record.store.entry(n)
    kept = msgspec.json.decode(entry.body)
    kept["answer"]["verdict"] = "authorised"
    forged = msgspec.structs.replace(entry, body=canonical(kept))
    again = Runner(record, base, KNOWN).rerun(forged)
    assert again.same is False
    assert [(one.what, one.before) for one in again.difference.headline] == [("verdict", "authorised")]


def test_another_engine_version_says_so(record, base, monkeypatch):
    n = keep(record, base)
    monkeypatch.setattr("exeat.record.rerun.__version__", "99")
    again = Runner(record, base, KNOWN).rerun(n)
    assert again.same is True
    assert "the hash must differ" in again.says


def test_todays_law_explains_the_difference(record, base, tmp_path):
    n = keep(record, base)
    runner = Runner(record, changed_law(tmp_path, "effect: prohibited", "effect: licence_required"), "2026-11-21")
    again = runner.rerun(n, "today")
    assert again.same is False
    found = again.difference
    assert [(one.what, one.before, one.after) for one in found.headline if one.what == "verdict"] == [
        ("verdict", "prohibited", "licence_required")
    ]
    assert ("base.order.1", "effect", "prohibited", "licence_required") in [
        (one.id, one.what, one.before, one.after) for one in found.changed
    ]
    assert {one.what for one in found.law} == {"edition", "known"}
    assert (found.appeared, found.left) == ((), ())


def test_rules_that_appear_and_leave(record, base, tmp_path):
    n = keep(record, base)
    before = record.case(n).kept.decision()
    other = changed_law(tmp_path, "base.order.1", "base.order.7")
    after = other.decide(asked(other), OPTIONS)
    found = difference(before, after, base.book, other.book)
    assert (found.appeared, found.left) == (("base.order.7",), ("base.order.1",))


def test_a_rule_that_ends_changes_its_status(record, base, tmp_path):
    n = keep(record, base)
    old = "from: 2025-01-01, status: revoked"
    again = Runner(record, changed_law(tmp_path, old, old.replace("2025-01-01", "2021-01-01")), KNOWN).rerun(n, "today")
    assert ("base.order.1", "status", "in force", "revoked") in [
        (one.id, one.what, one.before, one.after) for one in again.difference.changed
    ]


def test_facts_whose_meaning_moved(record, base, tmp_path):
    n = keep(record, base)
    moved = changed_law(
        tmp_path, "{en: For money., zh: 有偿。}", "{en: For money or favours., zh: 有偿。}", "facts.yaml"
    )
    facts = Runner(record, moved, KNOWN).rerun(n, "today").difference.facts
    assert [(one.id, one.what) for one in facts] == [("act.paid", "meaning")]
    under = changed_law(
        tmp_path, 'SE: {en: Sweden, zh: 瑞典, under: "@north"}', "SE: {en: Sweden, zh: 瑞典}", "lists.yaml"
    )
    facts = Runner(record, under, KNOWN).rerun(n, "today").difference.facts
    assert ("places SE", "under", "@north", "") in [(one.id, one.what, one.before, one.after) for one in facts]


def test_a_transaction_that_todays_vocabulary_cannot_say(record, base, tmp_path):
    n = keep(record, base, kind="book")
    gone = changed_law(tmp_path, "book: {en: a book", "tome: {en: a book", "kinds.yaml")
    again = Runner(record, gone, KNOWN).rerun(n, "today")
    assert (again.same, again.decision) == (None, None)
    assert "cannot say this transaction" in again.says


def test_impact_names_what_comes_out_differently(record, base, tmp_path):
    untouched = keep(record, base, kind="book")
    past, ahead = keep(record, base, "2021-06-01"), keep(record, base, "2024-12-01")
    record.override(past, "authorised", "permit", by="Bo")
    runner = Runner(record, changed_law(tmp_path, "effect: prohibited", "effect: licence_required"), KNOWN)
    found = {one.n: one for one in runner.impact(on_today="2024-01-01")}
    assert {n: one.rerun.same for n, one in found.items()} == {untouched: True, past: False, ahead: False}
    assert (found[past].ahead, found[ahead].ahead, found[past].concluded) == (False, True, "authorised")
    assert all(one.rerun.same for one in Runner(record, base, KNOWN).impact())


def test_impact_screens_again_where_asked(record, base):
    """A list that moved: the face gives what screens again, and the fact that moved is told."""
    n = keep(record, base)

    def renew(transaction):
        parties = tuple(
            msgspec.structs.replace(
                one,
                facts={**one.facts, "party.listing": msgspec.structs.replace(one.facts["party.listing"], value=hit)},
            )
            if "party.listing" in one.facts
            else one
            for one in transaction.parties
        )
        return msgspec.structs.replace(transaction, parties=parties), ("nobody",)

    hit = Entries(frozenset(["base.list/acme"]), True)
    again = Runner(record, base, KNOWN).rerun(n, "today", renew)
    assert "them party.listing" in [one.id for one in again.difference.facts]
    assert again.not_screened == ("nobody",)
    assert record.case(n).kept.transaction(base.book.vocabulary) == asked(base), "the record keeps what was asked"


# --- keeping and disposing


def test_disposal_leaves_its_place(record, base, monkeypatch):
    n, other = keep(record, base), keep(record, base, "2024-01-01")
    record.note(n, "about Acme", by="Bo")
    before = record.head()
    monkeypatch.setattr(retention, "clock", lambda case, on="": retention.Clock(n, "2020-01-01", True, (), (), ()))
    retention.dispose(record, n, "its period is over", by="Bo", on="2040-01-01")
    case = record.case(n)
    assert (case.kept, case.summary.disposed, case.summary.title) == (None, True, "")
    assert [(one.kind, one.body is None) for one in case.later] == [("note", True), ("disposed", False)]
    assert record.verify(before).faults == ()
    assert [one.n for one in record.cases(Filter(party="northern"))] == [other]
    assert Runner(record, base, KNOWN).rerun(n).says == "it was disposed of"
    assert [one.n for one in Runner(record, base, KNOWN).impact()] == [other]
    with pytest.raises(RecordError, match="disposed of"):
        record.override(n, "authorised", "late", by="Bo")
    with pytest.raises(RecordError):
        record.dispose(n, "again", {}, by="Bo")


def test_a_hold_stops_disposal(record, base):
    n = keep(record, base)
    record.hold(n, "suit 7", by="Bo")
    with pytest.raises(RecordError, match="legal hold"):
        record.dispose(n, "over", {}, by="Bo")
    record.hold(n, "settled", by="Bo", lift=True)
    assert not record.summary(n).held
    assert record.dispose(n, "over", {}, by="Bo").kind == "disposed"


OPERATIONS = {
    "keep": lambda r, b, n: keep(r, b, listing="unknown", kind="book"),
    "override": lambda r, b, n: r.override(n, "authorised", "because", by="Bo"),
    "confirm": lambda r, b, n: r.confirm(n, [Confirmed("act.paid", "true")], by="Bo"),
    "hold": lambda r, b, n: r.hold(n, "suit", by="Bo"),
    "lift": lambda r, b, n: r.hold(n, "over", by="Bo", lift=True),
    "note": lambda r, b, n: r.note(n, "text", by="Bo"),
    "event": lambda r, b, n: r.event(n, "done", "2021-01-01", by="Bo"),
    "hit": lambda r, b, n: r.decide_hit("a", "b", "confirmed", "same", by="Bo", n=n),
    "dispose": lambda r, b, n: r.dispose(n, "over", {}, by="Bo"),
}


@given(steps=st.lists(st.tuples(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 3)), max_size=12), data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_sequence_of_operations_verifies(steps, data, base):
    """Whatever people do, refused or not: the chain holds, counts agree, and one tampering is found at its entry."""
    with tempfile.TemporaryDirectory() as folder, Record(f"sqlite:///{folder}/record.db") as record:
        decisions = [keep(record, base), keep(record, base, "2024-01-01")]
        held, gone = set(), set()
        for name, which in steps:
            n = decisions[which % len(decisions)]
            before = record.head()
            refused = name != "keep" and (n in gone or (name == "dispose" and n in held))
            try:
                done = OPERATIONS[name](record, base, n)
            except RecordError:
                assert refused, (name, n)
                assert record.head() == before
                continue
            assert not refused, (name, n)
            if name == "keep":
                decisions.append(done)
            held |= {n} if name == "hold" else set()
            held -= {n} if name == "lift" else set()
            gone |= {n} if name == "dispose" else set()
        head = record.head()
        assert record.verify(head).faults == ()
        assert {one.n for one in record.cases() if one.disposed} == gone
        assert {one.n for one in record.cases() if one.held} == held
        victim = data.draw(st.integers(2, head.n))
        with record.store.writing() as connection:
            connection.execute(sa.update(ENTRY).where(ENTRY.c.n == victim).values(actor="another"))
        assert [one.n for one in record.verify(head).faults] == [victim]


def test_kept_is_refused_in_a_form_that_is_not_known(base):
    kept = Kept({"verdict": "authorised"}, {}, OPTIONS, "e")
    with pytest.raises(RecordError, match="another version's form"):
        kept.decision()
