"""Edges and standings from files, and the command over them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from exeat.cli.owners import owners
from exeat.errors import InputError, InputErrors
from exeat.page.owners import Sentences
from exeat.screen.edges import read_edges, read_standings, share
from exeat.screen.ownership import DATA, list_names, list_titles, rule_on, rules, texts, weigh
from exeat.vocabulary.reader import read_file, read_text

EDGES = """\
owner,owned,share,kind,from,until,recorded,source,id,owner_kind,owner_name
hua,holding,55 %,,2019-03-01,,2019-04-01,registry,,,Hua Group
lee,holding,45,,,,,,,person,Lee
holding,acme,40,,2020,,,,,,
hua,acme,10,,2020,,,,,,
fund,acme,50,,2020,,,,,person,
"""


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("50", "50", "50"),
        ("49.995 %", "49.995", "49.995"),
        ("49,995", "49.995", "49.995"),
        ("1/3", "100/3", "100/3"),
        ("25-50%", "25", "50"),
        ("[30, 40]", "30", "40"),
        ("30..40", "30", "40"),
        (">25", "25", "100"),
        ("<= 10 %", "0", "10"),
        ("unknown", "0", "100"),
        ("", "0", "100"),
        ("0", "0", "0"),
    ],
)
def test_share(word, low, high):
    assert share(word) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    "word", ["101", "-5", "fifty", "40-30", "1/0", "3/2", "50 shares", "NaN", "1e1", "[30", "5O", "٥٠x"]
)
def test_not_a_share(word):
    with pytest.raises(InputError, match="not a share"):
        share(word)


def put(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_edges(tmp_path, encoding):
    path = put(tmp_path / "e.csv", "owner,owned,share\n华为投资,子公司,50\n", encoding)
    (edge,) = read_edges([path]).edges
    assert (edge.owner, edge.owned, edge.low, edge.line) == ("华为投资", "子公司", 50, 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("owner,owned\na,b\n", "the column 'share' is missing"),
        ("owner,owned,share,form\na,b,1,c\n", "'form'"),
        ("owner,owned,share\na,,5\n", "e.csv:2: owned: it is missing"),
        ("owner,owned,share\na,b,5\na,b,150\n", "e.csv:3: share: not a share"),
        ("owner,owned,share,from\na,b,5,2020-13-01\n", "from: not a day"),
        ("owner,owned,share,from,until\na,b,5,2020-03-01,2019\n", "it ends before it begins"),
        ("owner,owned,share,recorded\na,b,5,2020\n", "a whole day is needed"),
        ("owner,owned,share,kind\na,b,5,share\n", "did you mean 'shares'"),
        ("owner,owned,share\na,b,5,6\n", "the row has 4 fields"),
        ('owner,owned,share\n"a,b,5\n', "not a row of a table"),
        ("owner,owned,share,owner_kind\na,b,5,person\na,c,5,state\n", "elsewhere it is of another kind"),
        ("", "there is no line of heads"),
    ],
)
def test_faults_name_their_line(tmp_path, text, says):
    with pytest.raises(InputErrors) as caught:
        read_edges([put(tmp_path / "e.csv", text)])
    assert says in str(caught.value)


def test_all_faults_at_once(tmp_path):
    with pytest.raises(InputErrors) as caught:
        read_edges([put(tmp_path / "e.csv", "owner,owned,share\na,b,x\nc,,1\n"), tmp_path / "none.csv"])
    assert len(caught.value.errors) == 3


def entity(id_, schema, **properties):
    first_seen = properties.pop("first_seen", None)
    found = {"id": id_, "schema": schema, "properties": properties}
    return json.dumps(found | ({"first_seen": first_seen} if first_seen else {}))


def test_follow_the_money(tmp_path):
    lines = [
        entity("p", "Person", name=["Ivan"]),
        entity("c", "Company", name=["Firm"]),
        entity(
            "o",
            "Ownership",
            owner=["p"],
            asset=["c"],
            percentage=["60%"],
            startDate=["2020-01"],
            first_seen="2021-02-03T01:02:03",
        ),
        entity("d", "Directorship", director=["p"], organization=["c"]),
        entity("q", "Ownership", owner=[{"id": "q1"}], asset=["c"]),
        entity("v", "Vessel", name=["Ship"]),
    ]
    read = read_edges([put(tmp_path / "e.jsonl", "\n".join(lines))])
    owns, directs, unsaid = read.edges
    assert (owns.owner, owns.owned, owns.low, owns.since, owns.recorded) == ("p", "c", 60, "2020-01", "2021-02-03")
    assert directs.kind == "director"
    assert (unsaid.owner, unsaid.low, unsaid.high) == ("q1", 0, 100)
    assert (read.kinds["p"], read.names["c"]) == ("person", "Firm")


def test_days_that_differ_leave_it_unsure(tmp_path):
    line = entity("o", "Ownership", owner=["p"], asset=["c"], percentage=["60"], endDate=["2020", "2024"])
    (edge,) = read_edges([put(tmp_path / "e.jsonl", line)]).edges
    assert (edge.low, edge.high, edge.until) == (0, 60, "2024")


def test_sources_that_differ_are_a_range(tmp_path):
    path = put(tmp_path / "e.jsonl", entity("o", "Ownership", owner=["p"], asset=["c"], percentage=["40", "55-60"]))
    (edge,) = read_edges([path]).edges
    assert (edge.low, edge.high) == (40, 60)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"id": "x"}',
        "[1]",
        entity("o", "Ownership", owner=["p"]),
        entity("o", "Ownership", owner=["p"], asset=["c"], percentage=["half"]),
    ],
)
def test_broken_entities_are_told(tmp_path, line):
    good = entity("c", "Company", name=["Firm"])
    with pytest.raises(InputErrors, match=r"e\.jsonl:2"):
        read_edges([put(tmp_path / "e.jsonl", f"{good}\n{line}\n")])


def test_standings(tmp_path):
    text = "id,state,lists,searched,kind\nhua,listed,entity-list;ofac-sdn,,\nlee,not listed,,ofac-sdn,person\n"
    found = read_standings(put(tmp_path / "s.csv", text))
    assert found["hua"].lists == {"entity-list", "ofac-sdn"}
    assert (found["lee"].kind, found["lee"].searched) == ("person", {"ofac-sdn"})


def test_lists_by_the_names_of_the_store(tmp_path):
    found = read_standings(put(tmp_path / "s.csv", "id,state,lists\nhua,listed,us.entity-list;us.sdn\n"))
    assert found["hua"].lists == {"entity-list", "ofac-sdn"}


def test_names_of_the_store_are_real():
    store = {str(one["id"]) for one in read_file(DATA.with_name("lists.yaml"))["lists"]}
    assert {word for word, name in list_names().items() if word != name} <= store


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,cleared,,", "did you mean|not an allowed word"),
        ("a,listed,entity,", "did you mean 'entity-list'"),
        ("a,listed,,\na,open,,", "s.csv:3.*twice"),
    ],
)
def test_standings_are_checked(tmp_path, row, says):
    with pytest.raises(InputErrors, match=says):
        read_standings(put(tmp_path / "s.csv", f"id,state,lists,searched\n{row}\n"))


# --- the command


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "e.csv", EDGES)

    def invoke(*words):
        return CliRunner().invoke(owners, ["acme", "--edges", "e.csv", "--on", "2026-11-22", *words])

    return invoke


def test_text_shows_every_step(run):
    found = run("--listed", "hua=entity-list", "--screened", "all")
    assert found.exit_code == 10
    for says in (
        "acme is reached: listed owners hold 50 % of it.",
        "holding: 55 % of the shares in listed hands: reached",
        "│  ├─ 55 %: Hua Group (hua) (listed: Entity List)",
        "Hua Group (hua) —55 %→ holding —40 %→ acme",
    ):
        assert says in found.output


def test_not_screened_is_open(run):
    found = run("--listed", "hua=entity-list")
    assert found.exit_code == 10  # the certain half is enough
    found = run("--screened", "lee", "--screened", "hua")
    assert found.exit_code == 20
    assert "ASKED" in found.output


def test_nobody_listed(run, tmp_path):
    assert run("--screened", "all").exit_code == 20  # who owns Hua Group is not known
    put(tmp_path / "s.csv", "id,state,kind\nhua,not listed,state\n")
    found = run("--screened", "all", "--listed", "s.csv", "--facts")
    assert (found.exit_code, found.output) == (0, FACTS)


FACTS = """\
listed_owner_share:
  value: 0 %
  source: screened
  says: 'share in listed hands under Affiliates rule (EAR): 0 %, on 2026-11-22, as known on 2026-11-23'
listed_owner_lists: not applicable
"""


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("exeat.decide.engine.today", lambda: "2026-11-23")


def test_facts_are_read_by_the_vocabulary(run, book):
    """What is printed can be pasted below a party of a transaction."""
    from exeat.vocabulary.transaction import read_transaction  # noqa: PLC0415

    printed = run("--listed", "hua=entity-list", "--screened", "all", "--facts").output
    body = "\n".join(f"    {line}" for line in printed.splitlines())
    node = read_text(f"transaction: 1\nact: {{on: 2026-11-22}}\nparties:\n  - id: acme\n{body}\n", "t.yaml")
    transaction = read_transaction(node, book.vocabulary, "t.yaml")
    cell = transaction.parties[0].facts["party.listed_owner_share"]
    assert (cell.value, cell.source) == (50, "screened")


def test_json(run):
    found = json.loads(run("--listed", "hua=entity-list", "--screened", "all", "--json").output)
    assert (found["low"], found["high"], found["outcome"]) == ("50", "50", "reached")
    assert found["paths"][0]["holdings"][0]["sources"] == ["e.csv:2"]


@pytest.mark.parametrize(
    "words",
    [
        ("--listed", "hau=entity-list"),
        ("--screened", "hau"),
        ("--listed", "hua", "--screened", "hua"),
        ("--listed", "hua=entity"),
        ("--rule", "us.ofac"),
        ("--on", "1999-01-01"),
    ],
)
def test_bad_input_is_refused(run, words):
    found = run(*words)
    assert isinstance(found.exception, InputError | InputErrors)


def test_an_unknown_party_is_refused(run, tmp_path):
    found = CliRunner().invoke(owners, ["nobody", "--edges", "e.csv"])
    assert isinstance(found.exception, InputErrors)


def test_ids_that_look_the_same_are_refused(run, tmp_path):
    """Hua and hua would be two owners, one listed and one screened without a hit."""
    put(tmp_path / "e.csv", EDGES + "Hua,acme,0,,,,,,,,\n")
    found = run("--listed", "hua=entity-list", "--screened", "all")
    assert "two ids that look the same" in str(found.exception)


def test_a_person_is_not_owned(run, tmp_path):
    put(tmp_path / "e.csv", EDGES + "hua,fund,10,,,,,,,,\n")
    found = run("--screened", "all")
    assert "e.csv:7" in str(found.exception)


def test_a_rule_without_facts_states_none(run):
    found = run("--rule", "us.ofac-50", "--listed", "hua=ofac-sdn", "--screened", "all", "--facts")
    assert (found.exit_code, found.output) == (10, "")


# --- the data


def test_every_text_is_in_both_languages():
    for key, said in (*texts().items(), *list_titles().items()):
        assert set(said) == {"en", "zh"}, key
        assert all(said.values()), key


def test_rules_name_what_there_is(book):
    for rule in rules():
        assert set(rule.lists) | set(rule.perhaps) <= set(list_titles())
        assert set(rule.feeds.values()) <= set(book.vocabulary.facts)
        assert rule.url.startswith("https://")
        assert rule.seen in ("primary", "secondary")
    codes = set(book.vocabulary.lists["owner-lists"].codes)
    assert set(rule_on("us.bis-affiliates", "2026-11-22").lists) == codes


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "rule", ["us.bis-affiliates", "us.ofac-50", "us.ofac-ssi", "eu.asset-freeze", "uk.owned-or-controlled"]
)
def test_every_sentence_can_be_said(tmp_path, rule, lang):
    rows = (
        "owner,owned,share,kind",
        "hua,holding,40,shares",
        "lee,holding,30-40,shares",
        "holding,acme,45,shares",
        "hua,acme,100,control",
        "lee,acme,100,director",
        "hua,acme,5,shares",
        "acme,holding,0-10,shares",
        "zed,acme,0..5,voting",
    )
    text = "\n".join(rows)
    read = read_edges([put(tmp_path / "e.csv", text)])
    found = weigh(rule_on(rule, "2026-11-22"), read.edges, {}, "acme", "2026-11-22", "2026-11-22")
    say = Sentences(lang)
    said = [say.of(note) for note in (*found.steps, *found.questions, *found.flags)]
    assert said
    assert not [one for one in said if "{" in one]
