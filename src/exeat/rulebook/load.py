"""Reading the law's folders into a `Book`, and its cases."""

from __future__ import annotations

import hashlib
import importlib.resources
import zoneinfo
from collections.abc import Iterable
from pathlib import Path

from exeat.errors import InputError, InputErrors, nearest
from exeat.rulebook.condition import Parser
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
    Jurisdiction,
    Measure,
    Regime,
    Register,
    Review,
    Rule,
    Source,
)
from exeat.rulebook.rows import read_rows
from exeat.vocabulary.load import add_facts, add_list, check_vocabulary
from exeat.vocabulary.model import Text, Vocabulary
from exeat.vocabulary.reader import Map, Node, Seq, Word, line_of, read_file
from exeat.vocabulary.take import Taker, text

FILE_KINDS = ("book", "jurisdiction", "regime", "measure", "register", "facts", "list", "cases")
MEASURE_KINDS = (
    "statute", "regulation", "order", "announcement", "list", "initiative", "agreement", "policy", "guidance", "judgment",
)  # fmt: skip
CONDITION_KEYS = ("when", "effect", "relief", "defeats")


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
        paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".tsv") and path.is_file()]
        found += [(path, f"{folder.name}/{path.relative_to(folder).as_posix()}") for path in paths]
    return found


def content_hash(folders: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of every law file, hexadecimal: the edition that an answer was given under."""
    digest = hashlib.sha256()
    for path, name in law_files(folders):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


class _Law:
    """The files of the law, read and sorted by kind."""

    def __init__(self, folders: list[Path]) -> None:
        self.errors: list[InputError] = []
        self.nodes: dict[str, list[tuple[Map, str, Path, int]]] = {kind: [] for kind in FILE_KINDS}
        for depth, folder in enumerate(folders):
            for path, name in law_files([folder]):
                if path.suffix == ".yaml":
                    self._read(path, name, depth)

    def _read(self, path: Path, name: str, depth: int) -> None:
        try:
            node = read_file(path, name)
            kind = str(next(iter(node))) if isinstance(node, Map) and node else ""
            if not isinstance(node, Map) or kind not in FILE_KINDS:
                raise InputError(
                    "the first key does not say what the file is",
                    file=name, line=1, found=kind, allowed=", ".join(FILE_KINDS), hint=nearest(kind, FILE_KINDS),
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
        self.by_folder: dict[str, int] = {}

    def book(self) -> Book:
        self._vocabulary()
        book = Book("", "", self.vocabulary, {}, {}, {}, {}, {}, content_hash(self.folders))
        book.overlays = tuple(folder.name for folder in self.folders[1:])
        self._each("book", lambda node, name, path, depth: self._book(book, node, name))
        self._each("regime", lambda node, name, path, depth: self._regime(book, node, name))
        self._each("register", lambda node, name, path, depth: self._register(book, node, name, path))
        self.columns = {register.id: register.columns for register in book.registers.values()}
        self._each("jurisdiction", lambda node, name, path, depth: self._jurisdiction(book, node, name))
        self._each("measure", lambda node, name, path, depth: self._measure(book, node, name, depth))
        self._stop()
        self._resolve(book)
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
        self._each("list", lambda node, name, path, depth: add_list(self.vocabulary, node, name))
        self._each("facts", lambda node, name, path, depth: add_facts(self.vocabulary, node, name))
        self.errors += check_vocabulary(self.vocabulary)
        self._stop()

    def _book(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        taker.word("book"), taker.text("title")
        edition, encoded_to = taker.word("edition"), taker.day("encoded to")
        taker.done()
        book.edition = f"{book.edition}+{edition}" if book.edition else edition
        book.encoded_to = book.encoded_to or encoded_to

    def _new(self, taken: dict[str, object], key: str, taker: Taker, field: str) -> str:
        if key in taken:
            taker.fail("the id is already taken", taker.node[field], field)
        return key

    def _gaps(self, taker: Taker, key: str, owner: str) -> tuple[Gap, ...]:
        gaps = []
        for i, one in enumerate(taker.maps(key)):
            title = one.text("title") if "title" in one.node else one.text("what")
            gap = Gap(one.word("id", f"{owner}#{i + 1}"), title, one.words("reach", default=False))
            one.done()
            for code in gap.reach:
                self.vocabulary.check_code("activities", code, InputError("", file=one.file, path=one.at("reach")))
            gaps.append(gap)
        return tuple(gaps)

    def _regime(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        key = self._new(book.regimes, taker.word("regime"), taker, "regime")  # type: ignore[arg-type]
        define = taker.get("define")
        self.defines[key] = define if isinstance(define, Map) else Map()
        zone = taker.word("zone")
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            taker.fail("not a time zone", taker.node["zone"], "zone", "an IANA name such as Asia/Shanghai")
        review = tuple(self._review(one) for one in taker.maps("review"))
        book.regimes[key] = Regime(
            key,
            taker.word("jurisdiction"),
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
        taker.done()

    def _review(self, taker: Taker) -> Review:
        review = Review(taker.day("on"), taker.text("what"))
        taker.done()
        return review

    def _jurisdiction(self, book: Book, node: Map, name: str) -> None:
        taker = Taker(node, name)
        key = self._new(book.jurisdictions, taker.word("jurisdiction"), taker, "jurisdiction")  # type: ignore[arg-type]
        parser = Parser(self.vocabulary, self.columns, {}, name)
        touched = parser.read(taker.need("touched when"), "touched when")
        book.jurisdictions[key] = Jurisdiction(
            key, taker.text("title"), touched, self._gaps(taker, "uncovered", key), name
        )
        taker.done()

    def _sources(self, taker: Taker) -> dict[str, Source]:
        node = taker.get("sources")
        if not isinstance(node, Map):
            taker.fail("a mapping of sources is needed here", node, "sources")
        found = {}
        for key, body in node.items():
            one = Taker(body, taker.file, f"sources.{key}")
            found[str(key)] = Source(
                str(key), one.word("ref"), one.word("url", ""), one.one_of("seen", SEEN), one.word("note", "")
            )
            one.done()
        return found

    def _register(self, book: Book, node: Map, name: str, path: Path) -> None:
        taker = Taker(node, name)
        key = self._new(book.registers, taker.word("register"), taker, "register")  # type: ignore[arg-type]
        columns_node = taker.get("columns")
        columns = {str(k): str(v) for k, v in columns_node.items()} if isinstance(columns_node, Map) else {}
        for column, kind in columns.items():
            word, _, list_name = kind.partition(" ")
            if word not in ("text", "code", "codes") or (word != "text" and list_name not in self.vocabulary.lists):
                taker.fail("not a column type", kind, f"columns.{column}", "text, code LIST, codes LIST")
        sources = self._sources(taker)
        regime = taker.word("regime")
        title, of = taker.text("title"), taker.word("of")
        rows = read_rows(taker, path, columns, sources, self.vocabulary, of)
        book.registers[key] = Register(key, regime, title, of, _complete(taker), columns, sources, rows, name)
        taker.done()

    def _measure(self, book: Book, node: Map, name: str, depth: int) -> None:
        taker = Taker(node, name)
        key = self._new(book.measures, taker.word("measure"), taker, "measure")  # type: ignore[arg-type]
        regime = taker.word("regime")
        if regime not in book.regimes:
            taker.fail("no such regime", taker.node["regime"], "regime", hint=nearest(regime, book.regimes))
        sources = self._sources(taker)
        define = Map(self.defines[regime])
        own = taker.get("define")
        define.update(own if isinstance(own, Map) else {})
        reader = _RuleReader(self, book, name, key, regime, sources, define, _lives(taker))
        ids = []
        for one in taker.maps("rules"):
            try:
                rule = reader.rule(one)
                if rule.id in book.rules:
                    one.fail(
                        "the rule id is already taken", one.node["id"], "id", hint=f"see {book.rules[rule.id].file}"
                    )
                book.rules[rule.id] = rule
                self.depth[rule.id] = depth
                ids.append(rule.id)
            except InputError as error:
                self.errors.append(error)
        unused = [name_ for name_ in (own if isinstance(own, Map) else {}) if name_ not in reader.parser.used]
        if unused:
            taker.fail("this named condition is never used", unused[0], f"define.{unused[0]}")
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
        for regime in book.regimes.values():
            if regime.jurisdiction not in book.jurisdictions:
                hint = nearest(regime.jurisdiction, book.jurisdictions)
                self.errors.append(
                    InputError("no such jurisdiction", file=regime.file, found=regime.jurisdiction, hint=hint)
                )
        for register in book.registers.values():
            if register.regime not in book.regimes:
                self.errors.append(InputError("no such regime", file=register.file, found=register.regime))
        for rule in list(book.rules.values()):
            if rule.defeats:
                self._resolve_defeats(book, rule)

    def _resolve_defeats(self, book: Book, rule: Rule) -> None:
        targets: list[str] = []
        for pattern in rule.defeats:
            if pattern.endswith("*"):
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
                    )  # fmt: skip
                )
        book.rules[rule.id] = _with_defeats(rule, tuple(dict.fromkeys(targets)))


def _with_defeats(rule: Rule, defeats: tuple[str, ...]) -> Rule:
    import msgspec

    return msgspec.structs.replace(rule, defeats=defeats)


def _complete(taker: Taker) -> tuple[tuple[str, str], ...]:
    node = taker.get("complete")
    if isinstance(node, Word) or node is None:
        return (("0001-01-01", ""),) if taker.yes("complete") else ()
    periods = []
    for one in taker.maps("complete"):
        periods.append((one.day("from"), one.day("until", "")))
        one.done()
    return tuple(periods)


def _lives(taker: Taker) -> dict[str, Node]:
    node = taker.get("lives")
    return {str(key): body for key, body in node.items()} if isinstance(node, Map) else {}


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
        lives: dict[str, Node],
    ) -> None:
        self.vocabulary, self.file = loader.vocabulary, file
        self.measure, self.regime, self.sources, self.lives = measure, regime, sources, lives
        self.binding = book.regimes[regime].binding
        self.parser = Parser(loader.vocabulary, loader.columns, define, file)

    def rule(self, taker: Taker) -> Rule:
        key = taker.word("id")
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
            self.parser.read(taker.need("when"), f"{key}.when"),
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
        if exception:
            return "", taker.one_of("relief", RELIEFS)
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
            node = self.lives[str(node)]
        if not isinstance(node, Seq) or not node:
            taker.fail("a life is a list of events, and not an empty one", node, "life")
        events = tuple(self._event(Taker(part, self.file, f"{taker.at('life')}.{i}")) for i, part in enumerate(node))
        recorded = [event.recorded for event in events]
        if recorded != sorted(recorded):
            taker.fail("the events of a life stand in the order in which they were recorded", node, "life")
        return events

    def _event(self, taker: Taker) -> Event:
        status = taker.one_of("status", STATUSES)
        where = InputError("", file=self.file, line=line_of(taker.node), path=taker.at("by"))
        by = parse_citation(taker.word("by"), self.sources, where)
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
    if at and not (
        len(at) == 5 and at[2] == ":" and at[:2].isdigit() and at[3:].isdigit() and at < "24:00" and at[3:] < "60"
    ):
        taker.fail("not a clock time", taker.node["at"], "at", "HH:MM, such as 23:59")
    return at
