"""Reading the law's folders into a `Book`, and its cases."""

from __future__ import annotations

import hashlib
import importlib.resources
import itertools
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from exeat.errors import InputError, InputErrors, nearest
from exeat.rulebook.additions import Addition, add_to_register, overruns, relaxations
from exeat.rulebook.condition import Condition, Parser
from exeat.rulebook.feed import read_feed
from exeat.rulebook.importer import read_importer
from exeat.rulebook.model import (
    COURT_STATUSES,
    EFFECTS,
    LAYERS,
    POLICIES,
    RELIEFS,
    SEEN,
    STATUSES,
    SUSPENSION_STATUSES,
    Book,
    Citation,
    Event,
    Gap,
    Importer,
    Jurisdiction,
    Measure,
    Regime,
    Register,
    Review,
    Rule,
    Source,
    tests_of,
)
from exeat.rulebook.rows import FIELDS, read_rows
from exeat.vocabulary.load import add_facts, add_list, check_vocabulary
from exeat.vocabulary.model import Text, Vocabulary
from exeat.vocabulary.reader import Map, Seq, Word, line_of, read_bytes, read_file
from exeat.vocabulary.take import Taker, text

FILE_KINDS = ("book", "jurisdiction", "regime", "measure", "register", "facts", "list", "cases", "import")
MEASURE_KINDS = (
    "statute", "regulation", "order", "announcement", "list", "initiative", "agreement", "policy", "guidance",
    "judgment",
)  # fmt: skip
REGISTERS_OF = ("parties", "items", "places", "days", "other")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LAW_SUFFIXES = (".yaml", ".tsv")
MISTAKEN_SUFFIXES = (".yml", ".json", ".csv")  # law that would otherwise be passed over in silence
MAX_DEFEATS = 6  # exceptions to exceptions to …; the law's deepest is 2


def shipped_law() -> Path:
    """The folder of the law that comes with exeat: beside the package in a checkout, inside it when installed."""
    inside = Path(str(importlib.resources.files("exeat"))) / "law"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "law"


def law_files(folders: Iterable[Path]) -> list[tuple[Path, str]]:
    """Every YAML and TSV file of the law, with the name to show for it, in a fixed order."""
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise InputErrors([InputError("no such law folder", file=str(folder))])
        name = folder.name if folder.name not in ("", "..") else folder.resolve().name
        for path in sorted(folder.rglob("*")):
            shown = f"{name}/{path.relative_to(folder).as_posix()}"
            if path.suffix.lower() in (*LAW_SUFFIXES, *MISTAKEN_SUFFIXES) and not path.is_dir():
                if path.suffix not in LAW_SUFFIXES:
                    allowed = ", ".join(LAW_SUFFIXES)
                    raise InputErrors([InputError("not a name for a law file", file=shown, allowed=allowed)])
                found.append((path, shown))
    return found


def content_hash(folders: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of every law file, hexadecimal: the edition that an answer was given under.

    The shipped law and each overlay are kept apart: the same file means another thing in an overlay.

    Raises:
        InputErrors: a file that cannot be read.
    """
    digest = hashlib.sha256()
    for depth, folder in enumerate(folders):
        for path, name in law_files([folder]):
            try:
                content = read_bytes(path, name)
            except InputError as error:
                raise InputErrors([error]) from None
            digest.update(f"{depth}\0{name}\0{len(content)}\0".encode(errors="surrogateescape"))
            digest.update(content)
    return digest.hexdigest()


class _Law:
    """The files of the law, read and sorted by kind."""

    def __init__(self, folders: list[Path]) -> None:
        self.errors: list[InputError] = []
        self.nodes: dict[str, list[tuple[Map, str, Path, int]]] = {kind: [] for kind in FILE_KINDS}
        self.tables: dict[Path, str] = {}  # tables that no register has named yet
        for depth, folder in enumerate(folders):
            for path, name in law_files([folder]):
                if path.suffix == ".yaml":
                    self._read(path, name, depth)
                else:
                    self.tables[path] = name

    def _read(self, path: Path, name: str, depth: int) -> None:
        try:
            node = read_file(path, name)
            kind = str(next(iter(node))) if isinstance(node, Map) and node else ""
            if not isinstance(node, Map) or kind not in FILE_KINDS:
                raise InputError(
                    "the first key does not say what the file is",
                    file=name, line=line_of(next(iter(node), node)) or 1, found=kind,
                    allowed=", ".join(FILE_KINDS), hint=nearest(kind, FILE_KINDS),
                )  # fmt: skip
            self.nodes[kind].append((node, name, path, depth))
        except InputError as error:
            self.errors.append(error)


def load_book(folders: list[Path] | None = None, allow_relax: bool = False) -> Book:
    """Load the shipped law and any overlays over it.

    Args:
        folders: the shipped law first, then the overlays (default: the shipped law alone).
        allow_relax: let an overlay except from shipped rules.

    Raises:
        InputErrors: every fault that was found.
    """
    folders = folders or [shipped_law()]
    return _Loader(folders, allow_relax).book()


class _Loader:
    def __init__(self, folders: list[Path], allow_relax: bool) -> None:
        self.folders, self.allow_relax = folders, allow_relax
        self.law = _Law(folders)
        self.errors = self.law.errors
        self.vocabulary = Vocabulary({}, {})
        self.defines: dict[str, Map] = {}  # named conditions of regimes
        self.depth: dict[str, int] = {}  # rule id -> 0 shipped, 1.. overlay
        self.named: list[tuple[str, Word, str]] = []  # what a file says of another: its kind, its id, the file
        self.used: set[tuple[str, str]] = set()  # (regime, named condition) that some rule uses
        self.register_depth: dict[str, int] = {}
        self.additions: list[tuple[Addition, bool]] = []  # and whether an overlay adds to shipped law

    def book(self) -> Book:
        self._vocabulary()
        book = Book("", "", self.vocabulary, {}, {}, {}, {}, {}, content_hash(self.folders))
        book.overlays = tuple(folder.name or folder.resolve().name for folder in self.folders[1:])
        self._each("book", lambda node, name, path, depth: self._book(book, node, name))
        self._each("regime", lambda node, name, path, depth: self._regime(book, node, name))
        self._each("register", lambda node, name, path, depth: self._register(book, node, name, path, depth))
        self._each("register", lambda node, name, path, depth: self._addition(book, node, name, path, depth))
        self._each("import", lambda node, name, path, depth: self._importer(book, node, name))
        self.columns = {register.id: register.columns for register in book.registers.values()}
        self._each("jurisdiction", lambda node, name, path, depth: self._jurisdiction(book, node, name))
        self._each("measure", lambda node, name, path, depth: self._measure(book, node, name, depth))
        self._stop()
        self._resolve(book)
        self._stop()
        self._unused()
        self._stop()
        return book

    def _stop(self) -> None:
        if self.errors:
            raise InputErrors(self.errors)

    def _each(self, kind: str, read: object) -> None:
        for node, name, path, depth in self.law.nodes[kind]:
            try:
                read(node, name, path, depth)  # type: ignore[operator]
            except InputError as error:
                self.errors.append(error)
            except InputErrors as errors:
                self.errors.extend(errors.errors)

    def _vocabulary(self) -> None:
        self.law.nodes["list"].sort(
            key=lambda one: (one[3], "title" not in one[0])
        )  # first the file that names the list
        self._each("list", lambda node, name, path, depth: None if depth else add_list(self.vocabulary, node, name))
        single = self._single()
        self._each("list", lambda node, name, path, depth: add_list(self.vocabulary, node, name) if depth else None)
        if not self.allow_relax:
            self._undivided(single)
        self._each("facts", lambda node, name, path, depth: add_facts(self.vocabulary, node, name))
        self.errors += check_vocabulary(self.vocabulary)
        self._stop()

    def _single(self) -> dict[str, set[str]]:
        """By list, the codes with nothing below them, where that makes them exact answers."""
        return {
            codes.name: codes.codes.keys() - {parent for code in codes.codes.values() for parent in code.under}
            for codes in self.vocabulary.lists.values()
            if not codes.exact_parents
        }

    def _undivided(self, single: dict[str, set[str]]) -> None:
        """An overlay may not put a code below a shipped one that had none: an exact answer would become a coarse one,
        and rules that name it would be cleared by the finer.
        """
        for name, shipped in single.items():
            for code in self.vocabulary.lists[name].codes.values():
                for parent in shipped.intersection(code.under):
                    problem, path = "an overlay may not divide a shipped code", f"codes.{code.code}.under"
                    hint = "put it beside that code, or say --allow-relax if it is meant"
                    fault = InputError(problem, file=code.file, line=code.line, path=path, found=parent, hint=hint)
                    self.errors.append(fault)

    def _book(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        taker.name("book"), taker.text("title")
        edition, encoded_to = taker.word("edition"), taker.day("encoded to")
        taker.done()
        book.edition = f"{book.edition}+{edition}" if book.edition else edition
        book.encoded_to = book.encoded_to or encoded_to

    def _new(
        self, taken: Mapping[str, Regime | Register | Measure | Jurisdiction | Importer], taker: Taker, field: str
    ) -> str:
        key = taker.name(field)
        if key in taken:
            taker.fail("the id is already taken", taker.node[field], field, hint=f"see {taken[key].file}")
        return key

    def _gaps(self, taker: Taker, key: str, owner: str) -> tuple[Gap, ...]:
        gaps = []
        for i, one in enumerate(taker.maps(key)):
            title = one.text("title") if "title" in one.node else one.text("what")
            gap = Gap(one.word("id", f"{owner}#{i + 1}"), title, one.words("reach", default=False))
            one.done()
            where = InputError("", file=one.file, line=line_of(one.node["reach"]), path=one.at("reach"))
            for code in gap.reach:
                self.vocabulary.check_code("activities", code, where)
            gaps.append(gap)
        return tuple(gaps)

    def _regime(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        key = self._new(book.regimes, taker, "regime")
        self.defines[key] = taker.map("define")
        zone = taker.word("zone")
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            taker.fail("not a time zone", taker.node["zone"], "zone", "an IANA name such as Asia/Shanghai")
        review = tuple(self._review(one) for one in taker.maps("review"))
        jurisdiction = taker.word("jurisdiction")
        self.named.append(("jurisdiction", taker.node["jurisdiction"], name))
        book.regimes[key] = Regime(
            key,
            jurisdiction,
            taker.text("title"),
            taker.text("authority"),
            zone,
            taker.yes("binding", True),
            taker.day("encoded from", ""),
            taker.day("encoded to"),
            review,
            taker.text("covers"),
            self._gaps(taker, "not covered", key),
            name,
        )
        if book.regimes[key].encoded_from > book.regimes[key].encoded_to:
            taker.fail("ends before it begins", taker.node["encoded to"], "encoded to")
        taker.done()

    def _review(self, taker: Taker) -> Review:
        review = Review(taker.day("on"), taker.text("what"))
        taker.done()
        return review

    def _jurisdiction(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        key = self._new(book.jurisdictions, taker, "jurisdiction")
        parser = Parser(self.vocabulary, self.columns, {}, name)
        touched = parser.condition(taker.need("touched when"), "touched when")
        book.jurisdictions[key] = Jurisdiction(
            key, taker.text("title"), touched, self._gaps(taker, "uncovered", key), name
        )
        taker.done()

    def _sources(self, taker: Taker) -> dict[str, Source]:
        taker.need("sources")
        found = {}
        for key, body in taker.map("sources").items():
            one = Taker(body, taker.file, f"sources.{key}")
            found[str(key)] = Source(
                str(key), one.word("ref"), one.word("url", ""), one.one_of("seen", SEEN), one.word("note", "")
            )
            one.done()
        return found

    def _register(self, book: Book, node: Map, name: str, path: Path, depth: int) -> None:
        taker = Taker(node, name)
        if isinstance(taker.get("table"), Word):
            self.law.tables.pop(path.parent / taker.node["table"], None)
        if taker.yes("adds"):
            return
        key = self._new(book.registers, taker, "register")
        self.register_depth[key] = depth
        columns = self._columns(taker)
        sources = self._sources(taker)
        regime = taker.word("regime")
        self.named.append(("regime", taker.node["regime"], name))
        title, of = taker.text("title"), taker.one_of("of", REGISTERS_OF)
        feed = read_feed(taker, columns, self.vocabulary) if "fed by" in node else None
        table = "table" in node or "rows" in node or feed is None
        rows = read_rows(taker, path, columns, sources, self.vocabulary) if table else ()
        complete = _complete(taker)
        book.registers[key] = Register(key, regime, title, of, complete, columns, sources, rows, name, feed=feed)
        taker.done()

    def _addition(self, book: Book, node: Map, name: str, path: Path, depth: int) -> None:
        taker = Taker(node, name)
        if not isinstance(node.get("adds"), Word) or not taker.yes("adds"):
            return
        key = taker.name("register")
        if key not in book.registers:
            hint = nearest(key, book.registers)
            taker.fail("adds to a register that does not exist", taker.node["register"], "register", hint=hint)
        taker.get("table")
        sources = self._sources(taker)
        book.registers[key], added = add_to_register(book.registers[key], taker, path, sources, self.vocabulary)
        self.additions.append((added, depth > 0 and self.register_depth[key] == 0))

    def _importer(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        key = self._new(book.importers, taker, "import")
        book.importers[key] = read_importer(taker, key, book.registers, self.vocabulary)

    def _columns(self, taker: Taker) -> dict[str, str]:
        columns = {}
        for column, kind in taker.map("columns").items():
            word, _, list_name = kind.partition(" ") if isinstance(kind, Word) else ("", "", "")
            if word not in ("text", "code", "codes") or bool(list_name) != (word != "text"):
                taker.fail("not a column type", kind, f"columns.{column}", "text, code LIST, codes LIST")
            if list_name and list_name not in self.vocabulary.lists:
                hint = nearest(list_name, self.vocabulary.lists)
                taker.fail("no such list", kind, f"columns.{column}", hint=hint)
            if column in FIELDS:
                taker.fail("every row has a field of this name", column, f"columns.{column}")
            columns[str(column)] = str(kind)
        return columns

    def _measure(self, book: Book, node: Map, name: str, depth: int) -> None:
        taker = Taker(node, name)
        key = self._new(book.measures, taker, "measure")
        regime = taker.word("regime")
        if regime not in book.regimes:
            taker.fail("no such regime", taker.node["regime"], "regime", hint=nearest(regime, book.regimes))
        sources = self._sources(taker)
        own = taker.map("define")
        for again in own.keys() & self.defines[regime].keys():
            taker.fail("its regime already names a condition so", next(k for k in own if k == again), f"define.{again}")
        define = Map({**self.defines[regime], **own})
        reader = _RuleReader(self, book, name, key, regime, sources, define, taker.map("lives"))
        ids = []
        if not taker.need("rules"):
            taker.fail("a list of rules is needed here, and not an empty one", None, "rules")
        for one in taker.maps("rules"):
            try:
                rule = reader.rule(one)
                if rule.id in book.rules:
                    one.fail(
                        "the rule id is already taken",
                        one.node["id"],
                        "id",
                        hint=f"see {book.rules[rule.id].file}:{book.rules[rule.id].line}",
                    )
                book.rules[rule.id] = rule
                self.depth[rule.id] = depth
                ids.append(rule.id)
            except InputError as error:
                self.errors.append(error)
        self.used |= {(regime, used) for used in reader.parser.used}
        if not self.errors:  # a rule that could not be read may be the one that uses it
            for kind, names, used in (("define", own, reader.parser.used), ("lives", reader.lives, reader.used)):
                unused = [word for word in names if word not in used]
                if unused:
                    taker.fail(f"no rule uses this ({kind})", unused[0], f"{kind}.{unused[0]}")
        book.measures[key] = Measure(
            key,
            regime,
            taker.text("title"),
            taker.text("authority"),
            taker.one_of("kind", MEASURE_KINDS),
            sources,
            tuple(ids),
            name,
        )
        taker.done()

    def _resolve(self, book: Book) -> None:
        """Expand ``defeats``, and check what files say of each other."""
        if not book.edition:
            self.errors.append(InputError("no file says which `book` this is", file=self.folders[0].name))
        for kind, word, file in self.named:
            known: Iterable[str] = book.regimes if kind == "regime" else book.jurisdictions
            if word not in known:
                hint = nearest(word, known)
                self.errors.append(
                    InputError(f"no such {kind}", file=file, line=word.line, path=kind, found=word, hint=hint)
                )
        for rule in list(book.rules.values()):
            if rule.defeats:
                self._resolve_defeats(book, rule)
            for target in rule.policy_for:
                if target not in book.rules or book.rules[target].regime != rule.regime:
                    hint = nearest(target, book.rules)
                    problem = "a policy is for rules of its own regime"
                    self.errors.append(
                        InputError(
                            problem, file=rule.file, line=rule.line, path=f"{rule.id}.for", found=target, hint=hint
                        )
                    )
        for rule in book.rules.values():
            self._depth_of_defeats(book, rule)
            self._register_tests(book, rule.when, rule.file, rule.line, rule.id)
        for addition, overlaid in self.additions:
            if overlaid and not self.allow_relax:
                self.errors += relaxations(book, addition)
            self.errors += overruns(book, addition)
        for jurisdiction in book.jurisdictions.values():
            self._register_tests(book, jurisdiction.touched, jurisdiction.file, 0, "touched when")

    def _unused(self) -> None:
        """Law that is written and never read: a slip of the pen that would pass for no requirement."""
        for regime, define in self.defines.items():
            for word in define:
                if (regime, word) not in self.used:
                    file = next(name for node, name, _, _ in self.law.nodes["regime"] if node["regime"] == regime)
                    path = f"define.{word}"
                    line = line_of(word)
                    self.errors.append(InputError("no rule uses this (define)", file=file, line=line, path=path))
        for name in self.law.tables.values():
            self.errors.append(InputError("no register names this table", file=name))

    def _depth_of_defeats(self, book: Book, rule: Rule) -> None:
        """Refuse exceptions that come back to themselves, or nest without end."""
        level, met = {rule.id}, set(rule.defeats)
        for _ in range(MAX_DEFEATS):
            level = {target for one in level for target in book.rules[one].defeats if target in book.rules}
            met |= level
        if rule.id in met:
            problem, found = "the exception defeats itself (a cycle)", ", ".join(sorted(met - {rule.id}))
        elif level:
            problem, found = f"exceptions to exceptions, more than {MAX_DEFEATS} deep", ""
        else:
            return
        self.errors.append(InputError(problem, file=rule.file, line=rule.line, path=rule.id, found=found))

    def _register_tests(self, book: Book, condition: Condition, file: str, line: int, path: str) -> None:
        """A fact that is a code can only ever stand in a register whose rows are codes of the same list."""
        for one in tests_of(condition):
            fact = self.vocabulary.facts[one.path]
            if not one.register or fact.kind == "entries":
                continue
            codes = self.vocabulary.lists[fact.of].codes
            strange = next((row.id for row in book.registers[one.register].rows if row.id not in codes), "")
            if strange:
                problem = f"{fact.path!r} can never stand in {one.register!r}: a row is no code of {fact.of!r}"
                hint = nearest(strange, codes)
                self.errors.append(InputError(problem, file=file, line=line, path=path, found=strange, hint=hint))

    def _resolve_defeats(self, book: Book, rule: Rule) -> None:
        targets: list[str] = []
        for pattern in rule.defeats:
            if pattern.endswith(".*") and len(pattern) > 2:
                found = [r.id for r in book.rules.values() if r.id.startswith(pattern[:-1]) and r.decides]
            else:
                found = [pattern] if pattern in book.rules else []
            if not found:
                hint = nearest(pattern, book.rules)
                self.errors.append(
                    InputError(
                        "defeats a rule that does not exist",
                        file=rule.file,
                        line=rule.line,
                        path=rule.id,
                        found=pattern,
                        hint=hint,
                    )
                )
            targets += found
        for target in targets:
            if self.depth.get(rule.id, 0) and not self.depth.get(target, 0) and not self.allow_relax:
                self.errors.append(
                    InputError(
                        "an overlay may not relax shipped law",
                        file=rule.file,
                        line=rule.line,
                        path=rule.id,
                        found=target,
                        hint="say --allow-relax if that is meant",
                    )
                )
        book.rules[rule.id] = msgspec.structs.replace(rule, defeats=tuple(dict.fromkeys(targets)))


def _complete(taker: Taker) -> tuple[tuple[str, str], ...]:
    node = taker.get("complete")
    if isinstance(node, Word) or node is None:
        return (("0001-01-01", ""),) if taker.yes("complete") else ()
    periods = []
    for one in taker.maps("complete"):
        since, until = one.day("from"), one.day("until", "")
        if until and until < since:
            one.fail("ends before it begins", one.node["until"], "until")
        periods.append((since, until))
        one.done()
    return tuple(periods)


def parse_citation(word: str, sources: dict[str, Source], where: InputError) -> Citation:
    """``ident para. 3``: the key of a source, then the pinpoint."""
    key, _, pinpoint = word.partition(" ")
    if key not in sources:
        raise InputError(
            "cites a source that is not declared",
            file=where.file, line=where.line, path=where.path, found=key,
            allowed=", ".join(sources), hint=nearest(key, sources),
        )  # fmt: skip
    return Citation(key, pinpoint.strip())


class _RuleReader:
    """Reads the rules of one measure."""

    def __init__(
        self,
        loader: _Loader,
        book: Book,
        file: str,
        measure: str,
        regime: str,
        sources: dict[str, Source],
        define: Map,
        lives: Map,
    ) -> None:
        self.vocabulary, self.file = loader.vocabulary, file
        self.measure, self.regime, self.sources, self.lives = measure, regime, sources, lives
        self.used: set[str] = set()  # named lives
        self.binding = book.regimes[regime].binding
        self.parser = Parser(loader.vocabulary, loader.columns, define, file)

    def rule(self, taker: Taker) -> Rule:
        key = taker.name("id")
        taker.path = key
        defeats = taker.words("defeats")
        effect, relief = self._outcome(taker, bool(defeats))
        cite = self._citations(taker)
        policy = taker.one_of("policy", POLICIES) if effect == "policy" else ""
        default = effect in ("licence_required", "approval_required")
        rule = Rule(
            key,
            self.measure,
            self.regime,
            taker.text("title"),
            self.parser.condition(taker.need("when"), f"{key}.when"),
            cite,
            taker.one_of("seen", SEEN, self.sources[cite[0].source].seen),
            self._life(taker),
            self.file,
            line_of(taker.node),
            effect,
            defeats,
            relief,
            taker.one_of("burden", ("claimant",), "") == "claimant" if defeats else False,
            taker.one_of("layer", LAYERS, ""),
            policy,
            taker.words("for") if effect == "policy" else (),
            taker.yes("licensable", default) if effect in ("prohibited", *EFFECTS[1:3]) else False,
            taker.text("bound", required=False),
            taker.text("note", required=False),
            self._texts(taker, "next"),
            self._texts(taker, "terms"),
            self._activities(taker, "requires"),
            self._activities(taker, "forbids"),
            self._activities(taker, "gates"),
        )
        taker.done()
        return rule

    def _outcome(self, taker: Taker, exception: bool) -> tuple[str, str]:
        if exception and "effect" in taker.node:
            problem = "an exception has a `relief`, not an `effect`"
            taker.fail(problem, taker.node["effect"], "effect", ", ".join(RELIEFS))
        if exception:
            return "", taker.one_of("relief", RELIEFS)
        if "relief" in taker.node:
            taker.fail("a relief must say which rules it `defeats`", taker.node["relief"], "relief")
        effect = taker.one_of("effect", EFFECTS)
        if not self.binding and effect not in ("commitment", "policy", "power"):
            taker.fail(
                "a voluntary regime may not do this", taker.node["effect"], "effect", "commitment, policy, power"
            )
        return effect, ""

    def _citations(self, taker: Taker) -> tuple[Citation, ...]:
        words = taker.words("cite", default=False)
        where = InputError("", file=self.file, line=line_of(taker.node["cite"]), path=taker.at("cite"))
        if not words:
            taker.fail("a rule must cite something", taker.node["cite"], "cite")
        return tuple(parse_citation(word, self.sources, where) for word in words)

    def _texts(self, taker: Taker, key: str) -> tuple[Text, ...]:
        node = taker.get(key)
        if node is None:
            return ()
        if not isinstance(node, Seq):
            taker.fail("a list of texts is needed here", node, key)
        return tuple(text(part, self.file, f"{taker.at(key)}.{i}") for i, part in enumerate(node))

    def _activities(self, taker: Taker, key: str) -> tuple[str, ...]:
        words = taker.words(key)
        for word in words:
            where = InputError("", file=self.file, line=line_of(taker.node[key]), path=taker.at(key))
            self.vocabulary.check_code("activities", word, where)
        return words

    def _life(self, taker: Taker) -> tuple[Event, ...]:
        node = taker.need("life")
        if isinstance(node, Word):
            if node not in self.lives:
                taker.fail("no such life", node, "life", ", ".join(self.lives), nearest(str(node), self.lives))
            self.used.add(str(node))
            node = self.lives[str(node)]
        if not isinstance(node, Seq) or not node:
            taker.fail("a life is a list of events, and not an empty one", node, "life")
        events = tuple(self._event(Taker(part, self.file, f"{taker.at('life')}.{i}")) for i, part in enumerate(node))
        for i, (first, second) in enumerate(itertools.pairwise(events), 1):
            if second.recorded < first.recorded:
                problem = "the events of a life stand in the order in which they were recorded"
                taker.fail(problem, node[i].get("recorded"), f"life.{i}.recorded")
        return events

    def _event(self, taker: Taker) -> Event:
        status = taker.one_of("status", STATUSES)
        by_word = taker.word("by")
        where = InputError("", file=self.file, line=line_of(taker.node["by"]), path=taker.at("by"))
        by = parse_citation(by_word, self.sources, where)
        layer = "courts" if status in COURT_STATUSES else "suspensions" if status in SUSPENSION_STATUSES else ""
        event = Event(
            taker.day("from"),
            status,
            by,
            taker.day("recorded"),
            taker.one_of("seen", SEEN, self.sources[by.source].seen),
            taker.day("until", ""),
            _clock(taker),
            taker.word("id", ""),
            taker.one_of("layer", LAYERS, layer),
            taker.word("note", ""),
        )
        taker.done()
        if event.until and event.until < event.since:
            taker.fail("ends before it begins", taker.node["until"], "until")
        return event


def _clock(taker: Taker) -> str:
    at = taker.word("at", "")
    if at and not CLOCK.fullmatch(at):
        taker.fail("not a clock time", taker.node["at"], "at", "HH:MM, such as 23:59")
    return at
