"""The order of the stages: bytes in, documents out.

A stage that fails costs its own part of the result and becomes a warning; what the other stages found stays. Only
bytes that are no readable document at all are an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.read import anchors as anchoring
from exeat.read import assemble, blocks, check, frames, merge, metadata, spot, times
from exeat.read.envelope import Envelope, envelopes
from exeat.read.lexicon import Lexicon
from exeat.read.link import Ledger, attach_history
from exeat.read.model import Anchor, Document, Field, Mention, Metadata, Text, TimeValue, Warning_
from exeat.read.open import Raw, open_document

T = TypeVar("T")
MAX_TEXT = 100_000  # characters of one file read for mentions (70 printed pages); what is beyond is told, not read
# Words of one document that can tell of an act: the densest reports have one in 14 characters, and make a statement
# of about one in four, so that this limit and the next cut prose at the same place.
MAX_TRIGGERS = 2_000
MAX_DRAFTS = 500  # statements of one document; the densest annotated one makes some 60
_SUFFIX = re.compile(r"\.(?:txt|md|markdown|html?|xml|rss|atom|json)\Z", re.I)


class Unread(msgspec.Struct, frozen=True):
    """A file that could not be read, and why."""

    name: str
    errors: tuple[InputError, ...]


class Reading(msgspec.Struct, frozen=True):
    """What came of several files: documents in the order of the files, and the files that are none."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...] = ()


def read_bytes(raw: bytes, name: str, lexicon: Lexicon, ledger: Ledger | None = None) -> list[Document]:
    """The documents in a file's bytes: one, or the items of a feed.

    Raises:
        InputError: the bytes are no readable document.
    """
    return read_opened(open_document(raw, name), lexicon, ledger)


def read_opened(opened: Raw, lexicon: Lexicon, ledger: Ledger | None = None) -> list[Document]:
    """The documents in an opened file.

    Raises:
        InputError: a feed without items, entity declarations, nesting too deep.
    """
    found = envelopes(opened)
    stem = _SUFFIX.sub("", Path(opened.name).name) or "document"
    many = len(found) > 1 or opened.form in ("feed", "json-feed")
    documents, room = [], MAX_TEXT
    for number, one in enumerate(found, start=1):
        documents.append(read_one(one, f"{stem}-{number}" if many else stem, lexicon, ledger, room))
        room = max(0, room - len(documents[-1].text.text))
    return documents


def read_paths(
    paths: Iterable[str | Path],
    lexicon: Lexicon,
    ledger: Ledger | None = None,
    each: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Reading:
    """Every file named, and the files of every folder named by name. A file that cannot be read does not stop the
    others. ``each`` hands out the files one by one, for whoever wants to show how far the reading has come."""
    documents: list[Document] = []
    unread: list[Unread] = []
    files: list[Path] = []
    for path in paths:
        try:
            files += files_of(Path(path))
        except InputError as error:
            unread.append(Unread(str(path), (error,)))
    for one in each(files):
        try:
            documents += read_opened(open_document(one, str(one)), lexicon, ledger)
        except InputError as error:
            unread.append(Unread(str(one), (error,)))
        except InputErrors as errors:
            unread.append(Unread(str(one), errors.errors))
    return Reading(told_apart(documents), tuple(unread))


def together(documents: Sequence[Document]) -> list[Document]:
    """The documents with what each says became of the acts that the others tell of, as history."""
    later = attach_history([(one.id, mention) for one in documents for mention in one.mentions])
    found = []
    for one in documents:
        mentions = tuple(
            msgspec.structs.replace(
                mention, history=tuple(dict.fromkeys((*mention.history, *later.get((one.id, mention.id), ()))))
            )
            for mention in one.mentions
        )
        found.append(msgspec.structs.replace(one, mentions=mentions))
    return found


def files_of(path: Path) -> list[Path]:
    """The file itself, or what lies in a folder by name (nothing of the folders below it, and nothing hidden). Pipes,
    devices and broken links are among them, so that reading tells of them.

    Raises:
        InputError: the folder cannot be listed.
    """
    try:
        if not path.is_dir():
            return [path]
        return sorted(one for one in path.iterdir() if not one.name.startswith(".") and not one.is_dir())
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"cannot read: {getattr(error, 'strerror', None) or error}", file=str(path)) from None


def told_apart(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents with ids that differ: two files of one name are numbered."""
    seen: dict[str, int] = {}
    found = []
    for one in documents:
        seen[one.id] = seen.get(one.id, 0) + 1
        found.append(one if seen[one.id] == 1 else msgspec.structs.replace(one, id=f"{one.id}~{seen[one.id]}"))
    return tuple(found)


class _Guard:
    """Runs stages and keeps what went wrong."""

    def __init__(self) -> None:
        self.warnings: list[Warning_] = []

    def __call__(self, stage: str, run: Callable[[], T], instead: T) -> T:
        try:
            return run()
        except InputError as error:
            self.warnings.append(Warning_(f"stage.{stage}", str(error)))
        except Exception as error:  # a fault of one stage must not lose the others' work; it is told
            self.warnings.append(Warning_(f"stage.{stage}", f"failed: {type(error).__name__}: {error}"[:300]))
        return instead


def read_one(
    envelope: Envelope, key: str, lexicon: Lexicon, ledger: Ledger | None = None, room: int = MAX_TEXT
) -> Document:
    """One document through all stages. ``ledger`` is the rulebook prepared for linking; without it nothing is linked.
    ``room`` is how many characters may be read for times and mentions."""
    guard = _Guard()
    guard.warnings += envelope.warnings
    lumps: list[blocks.Block] = guard("blocks", lambda: blocks.blocks(envelope), [])
    text = guard("text", lambda: blocks.text(lumps), Text("", ""))
    form = f"{envelope.whole}/{envelope.form}"
    about = guard(
        "metadata", lambda: metadata.metadata(envelope.candidates, lumps, text, form), _nothing_known(envelope)
    )
    if dict(text.excluded).get("hidden"):
        guard.warnings.append(Warning_("hidden", "text that a page does not show was left out"))
    if not text.text:
        guard.warnings.append(Warning_("text", "no running text was found"))
    seen = text
    if len(text.text) > room:
        guard.warnings.append(Warning_("long", f"only {room} of {len(text.text)} characters were read for mentions"))
        seen = Text(text.text[:room], text.folded[:room])
    hits = guard("spot", lambda: spot.spot(seen, lexicon), None)
    moments, mentions = _content(seen, about, hits, lexicon, guard)
    if ledger is not None and about.published.value is None:
        day = guard("infer", lambda: ledger.infer_day(mentions, moments), None)
        if day is not None:
            why = (
                f"not stated; the rulebook's entry {day.entry} is of this day, and the text names the day of the month"
            )
            published = msgspec.structs.replace(about.published, inferred=day.day, basis=why)
            about = msgspec.structs.replace(about, published=published)
            moments, mentions = _content(seen, about, hits, lexicon, _Guard())
    if ledger is not None:
        mentions = guard("link", lambda: ledger.link(mentions), mentions)
    guard.warnings += guard("check", lambda: list(check.check(text, about, moments, mentions)), [])
    return Document(
        key, envelope.sha256, about, text, tuple(mentions), tuple(moments), tuple(dict.fromkeys(guard.warnings))
    )


def _content(
    text: Text, about: Metadata, hits: spot.Spots | None, lexicon: Lexicon, guard: _Guard
) -> tuple[list[TimeValue], list[Mention]]:
    """Times and mentions of a text in which names were spotted."""
    points: list[Anchor] = guard("anchors", lambda: list(anchoring.anchors(about, text)), [])
    moments: list[TimeValue] = guard("times", lambda: list(times.times(text, points)), [])
    if hits is None:
        return moments, []
    if len(hits.triggers) > MAX_TRIGGERS:
        guard.warnings.append(
            Warning_("long", f"only {MAX_TRIGGERS} of {len(hits.triggers)} words that can tell of an act were read")
        )
        hits = msgspec.structs.replace(hits, triggers=sorted(hits.triggers)[:MAX_TRIGGERS])
    drafts: list[frames.Draft] = guard("frames", lambda: frames.frames(text, hits, moments, lexicon), [])
    if len(drafts) > MAX_DRAFTS:
        guard.warnings.append(Warning_("long", f"only {MAX_DRAFTS} of {len(drafts)} statements were read"))
        del drafts[MAX_DRAFTS:]
    mentions: list[Mention] = guard(
        "assemble", lambda: assemble.assemble(text, about, drafts, hits, moments, lexicon), []
    )
    return moments, guard("merge", lambda: list(merge.merge(mentions)), list(mentions))


def _nothing_known(envelope: Envelope) -> Metadata:
    unknown = Field(None, reason="the metadata stage failed")
    return Metadata(unknown, unknown, unknown, unknown, unknown, unknown, unknown, "", envelope.form)
