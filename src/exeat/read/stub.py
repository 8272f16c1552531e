"""A draft for a mention that the rulebook does not know: a measure file in the format of the law, to be finished by a
person.

The draft claims nothing: its source is marked ``unverified``, and what a news text cannot say (the regime, the exact
condition, the pinpoint) stands there as ``REVIEW``, a word that no vocabulary knows, so that the law's reader refuses
the file until a person has replaced it. Every line that was taken from the text names its basis in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from exeat.read.link import EFFECT_OF, NONE, Ledger
from exeat.read.model import Document, Mention, Moment

REVIEW = "REVIEW"
_KIND_OF = {
    "list_add": "list",
    "list_remove": "list",
    "amend_catalogue": "announcement",
    "adopt_law": "statute",
    "adopt_rules": "regulation",
    "launch_initiative": "initiative",
    "joint_statement": "initiative",
    "expand": "initiative",
    "order": "order",
    "enjoin": "judgment",
}
_EFFECTS = ("prohibited", "licence_required", "duty_to_act", "commitment", "policy", "power")  # preferred in this order
OPEN = (
    "adopt_law",
    "adopt_rules",
    "amend",
    "amend_catalogue",
    "amend_items",
    "order",
)  # what they do stands in their text
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,()/-]*\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def wanted(mention: Mention) -> bool:
    """Whether a mention deserves a draft: an act of a state that stands, is told as such and is not in the rulebook."""
    return (
        mention.group in ("measure", "initiative")
        and mention.link is not None
        and mention.link.to == NONE
        and mention.salience in ("primary", "secondary")
        and mention.status
        not in ("possible", "negated", "denied", "conditional", "alleged", "inferred", "claimed", "superseded")
        and bool(mention.actors)
        and not mention.proposed  # what an outside tool says is not the beginning of a rule
    )


def word(value: str) -> str:
    """A scalar of a law file: bare where that is safe, else in double quotes. Line ends and control characters become
    spaces."""
    told = "".join(char if char.isprintable() else " " for char in value).strip()
    if _PLAIN.match(told) and not told.endswith((" ", ":")) and ", " not in told:
        return told
    return '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'


def comment(value: str) -> str:
    """A text that stays within one comment line."""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def identifier(document: Document, mention: Mention) -> str:
    """An id for the draft: who, which number or action, which day. Letters, digits, points and hyphens only."""
    actor = mention.actors[0]
    who = (actor.id or actor.jurisdiction or "unknown").lower().replace("-", ".", 1)
    number = mention.instrument.number if mention.instrument else ""
    what = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-") or mention.action.replace("_", "-")
    day = (mention.announced.value if mention.announced else "").partition("/")[0] or "undated"
    which = re.sub(r"[^a-z0-9]+", "-", mention.id.lower()).strip("-")
    return f"draft.{re.sub('[^a-z0-9.-]+', '-', who)}.{what}.{day}.{which}"


def draft(document: Document, mention: Mention, ledger: Ledger | None = None) -> str:
    """The draft as YAML text."""
    key = identifier(document, mention)
    title = document.metadata.title.value or mention.action
    names = ", ".join(target.name for target in mention.targets) or "?"
    told = f"{mention.action}: {names}"
    effects = EFFECT_OF.get(mention.action, frozenset()) if mention.action not in OPEN else frozenset()
    effect = next((one for one in _EFFECTS if one in effects), REVIEW)
    instrument = mention.instrument
    ref = ", ".join(part for part in (instrument.name, instrument.number) if part) if instrument else ""
    authority = " ".join(actor.name for actor in mention.actors)
    published = document.metadata.published.value or document.metadata.published.inferred or "undated"
    publisher = document.metadata.publisher.value or "publisher unknown"
    order = mention.actors[0].jurisdiction or "which legal order?"
    lines = [
        "# DRAFT, made by `exeat read`. It is a suggestion from a report, not law: a person must review every line,",
        f"# read the primary text, replace each {REVIEW}, and write cases, before this file may stand in a law folder.",
        "# Until then it is refused there.",
        f"# Report: {comment(title)} ({comment(publisher)}, {published})",
        f"# File: sha256 {document.sha256}",
        f"# Mention: {comment(mention.id)}, status as reported: {comment(mention.status)}",
        *(f"# Evidence at {one.start}-{one.end}, {len(one.quote)} characters" for one in mention.evidence),
        f"measure: {key}",
        f"regime: {REVIEW}          # of {comment(order)}; see `exeat law list`",
        f"title: {{en: {word(told)}, zh: {word(told)}}}   # {REVIEW}",
        f"authority: {{en: {word(authority)}, zh: {word(authority)}}}   # as written in the report",
        f"kind: {_KIND_OF.get(mention.action, 'announcement')}",
        "sources:",
        "  report:",
        f"    ref: {word(ref or title)}",
        f"    url: {word(document.metadata.url.value or REVIEW)}",
        "    seen: unverified      # a report is not the primary text; find the official page and replace this",
        "rules:",
        f"  - id: {key}.1",
        f"    title: {{en: {word(told)}, zh: {word(told)}}}",
        "    when:",
        *_condition(mention, ledger),
        f"    effect: {effect}" + ("" if effect == REVIEW else "      # as the action usually does; read the text"),
        "    seen: unverified",
        f"    cite: [report {REVIEW}]",
        *_life(mention),
    ]
    return "\n".join(lines) + "\n"


def _condition(mention: Mention, ledger: Ledger | None) -> list[str]:
    """What the rule would ask, as far as the targets are words of the vocabulary; the act itself is always left to
    review."""
    lines = [f"      activity: {REVIEW}     # which acts? see the list of activities"]
    known: dict[str, list[str]] = {}
    unknown = []
    for target in mention.targets:
        path, _, code = (ledger.vocabulary_code(target.id, target.name) if ledger else "").partition("=")
        if code:
            known.setdefault(path, []).append(code)
        else:
            unknown.append(target.name)
    for path, codes in sorted(known.items()):
        lines.append(
            f"      {path}: {codes[0] if len(codes) == 1 else '{any of: [' + ', '.join(sorted(set(codes))) + ']}'}"
        )
    lines += [f"      # not a word of the vocabulary yet: {comment(name)}" for name in unknown]
    return lines


def _life(mention: Mention) -> list[str]:
    since, recorded = _day(mention.effective) or _day(mention.announced), _day(mention.announced)
    basis = _basis(mention.effective if _day(mention.effective) else mention.announced)
    event = f"from: {since or REVIEW}, status: in force, by: report, recorded: {recorded or REVIEW}"
    return ["    life:", f"      - {{{event}}}   # {basis}"]


def _day(moment: Moment | None) -> str:
    return moment.value if moment and _DAY.match(moment.value) else ""


def _basis(moment: Moment | None) -> str:
    if moment is None:
        return "no day in the report"
    return comment(
        f"{moment.text or moment.value}: {moment.basis or 'as told'}{' (inferred)' if moment.inferred else ''}"
    )


def with_stubs(document: Document, ledger: Ledger | None = None) -> Document:
    """The document with a draft on every mention that deserves one."""
    found = tuple(
        msgspec.structs.replace(one, stub=draft(document, one, ledger)) if wanted(one) else one
        for one in document.mentions
    )
    return msgspec.structs.replace(document, mentions=found)


def stubs(documents: Iterable[Document]) -> str:
    """All drafts of some documents, as a file of several parts (each is a file of its own in a law folder)."""
    return "\n".join(one.stub for document in documents for one in document.mentions if one.stub)
