"""JSON Schema (2020-12) of the decision, from its types; and the one published schema of every face."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec

from exeat.decide import decision as d
from exeat.decide.level import VERDICT
from exeat.rulebook.model import EFFECTS, POLICIES, RELIEFS, SEEN, STATUSES, Book
from exeat.vocabulary.schema import DIALECT, Schema, closed, error_schema, merge, ref, transaction_schema
from exeat.vocabulary.transaction import SOURCES

PUBLISHED = "exeat.schema.json"
LEVELS = list(VERDICT.values())
VERDICTS = list(d.EXIT_CODES)
TEXT: Schema = {
    "type": "object",
    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
    "additionalProperties": False,
}

FIELDS: dict[str, str] = {
    "Decision.id": "Short name for people, from the hash: `7F3C-21AB`.",
    "Decision.title": "The transaction's title.",
    "Decision.verdict": "The headline: the floor where floor and ceiling agree, else `undetermined`.",
    "Decision.floor": "What holds at least, whatever the open facts are.",
    "Decision.ceiling": "What may hold at most.",
    "Decision.exact": "False if some regime's range was not searched to the end: it is wider then, never narrower.",
    "Decision.regimes": "Each regime's answer.",
    "Decision.jurisdictions": "Each jurisdiction's answer.",
    "Decision.findings": "The rules that speak of this transaction, strictest first.",
    "Decision.questions": "The open facts that matter, best first.",
    "Decision.question_sets": "Smallest sets of `questions` (by position, from 0) that surely settle the headline.",
    "Decision.horizon": "The headline over time: one entry for each stretch of days.",
    "Decision.counterfactuals": "Smallest changes of choices, and licences, that give a milder headline.",
    "Decision.conflicts": "Duties of one regime that another forbids or gates.",
    "Decision.presumed": "Presumptions of the law that the answer rests on.",
    "Decision.candidates": "Listed parties that a party may be, neither confirmed nor dismissed.",
    "Decision.dismissed": "Listed parties that somebody looked at and found to be others.",
    "Decision.listed": "Parties that are, or may be, on an official list whose own law is not encoded.",
    "Decision.conclusions": "Legal conclusions that the caller stated, shown as theirs.",
    "Decision.not_applicable": "Facts stated as not applicable.",
    "Decision.coverage": "What was and was not checked.",
    "Decision.warnings": "What may have changed since the law was encoded.",
    "Decision.hypothetical": "Layers of the law left out or chosen alone; empty for a real answer.",
    "Decision.transaction": "The facts that were decided, in canonical form.",
    "Decision.on": "The day (with its zone) or the instant of the act.",
    "Decision.known": "The UTC day of knowledge.",
    "Decision.edition": "The rulebook: its name, and the SHA-256 of its files.",
    "Decision.engine": "The version of exeat.",
    "Decision.hash": "SHA-256 of all that the answer depends on.",
    "Decision.exit_code": "The exit code of this decision alone.",
    "Decision.strict": "Whether presumptions of the law were turned into unknowns.",
    "Decision.overlays": "Folders of law that the user added to the shipped law.",
    "RegimeView.id": "The regime.",
    "RegimeView.jurisdiction": "The jurisdiction it belongs to.",
    "RegimeView.title": "Its name.",
    "RegimeView.verdict": "Its verdict.",
    "RegimeView.floor": "What holds at least under this regime.",
    "RegimeView.ceiling": "What may hold at most under it.",
    "RegimeView.exact": "Whether floor and ceiling are exact.",
    "RegimeView.duties": "Rules that impose a duty (`duty_to_act`).",
    "RegimeView.commitments": "Voluntary commitments; they never change a verdict.",
    "RegimeView.policy": "Licensing policies and powers.",
    "RegimeView.dormant": "Rules that would reach the case but are not in effect.",
    "RegimeView.coverage": "The regime's coverage statement.",
    "Coverage.covers": "What is encoded.",
    "Coverage.not_covered": "Parts of the regime that are not encoded and that this activity can reach.",
    "Coverage.encoded_to": "The last day for which somebody looked for changes.",
    "JurisdictionView.id": "The jurisdiction.",
    "JurisdictionView.title": "Its name.",
    "JurisdictionView.touched": "Whether the transaction touches it.",
    "JurisdictionView.verdict": "The strictest of its regimes.",
    "JurisdictionView.floor": "What holds at least.",
    "JurisdictionView.ceiling": "What may hold at most.",
    "JurisdictionView.partial": "True if it is touched, and law of it that the activity can reach is not encoded.",
    "JurisdictionView.not_checked": "That law.",
    "Finding.rule": "The rule's id.",
    "Finding.measure": "The instrument it stands in.",
    "Finding.regime": "The regime of that instrument.",
    "Finding.title": "What the rule is about.",
    "Finding.effect": "What it does where it applies.",
    "Finding.result": "What it came to here.",
    "Finding.floor": "What it surely comes to.",
    "Finding.ceiling": "What it may come to.",
    "Finding.where": "The item, party and place it caught, by scope.",
    "Finding.combinations": "How many combinations of item, party and place it reaches; `where` is the strictest.",
    "Finding.status": "How the rule stands on the day.",
    "Finding.cite": "Where the rule is written.",
    "Finding.seen": "Whether whoever encoded the rule read the primary text.",
    "Finding.reliefs": "Exceptions and licences that (possibly) take it away.",
    "Finding.policy": 'How an authority decides on a licence; `""` for other rules.',
    "Finding.bound": "Who must obey, if the rule says so.",
    "Finding.note": "A remark on the rule, if there is one.",
    "Finding.next": "What to do now.",
    "Finding.terms": "Terms on which the act is allowed.",
    "Finding.trace": "The reasons, as a tree; null where they were not asked for.",
    "Status.status": "The status, or `not yet in force`.",
    "Status.since": "The first day (with clock time, if the event has one).",
    "Status.until": 'The last day; `""` if open.',
    "Status.recorded": "The UTC day on which the event was published.",
    "Status.seen": "Whether the event's primary text was read.",
    "Status.by": "What brought the status about; null if nothing has yet.",
    "Status.note": "A remark on the event.",
    "Cited.ref": "The source's name.",
    "Cited.pinpoint": "The place in it.",
    "Cited.url": "Its official page.",
    "Cited.seen": "What whoever encoded it has read: the primary text, a secondary one, or neither.",
    "ReliefView.id": "The exception's id, or that of the licence held.",
    "ReliefView.title": "What it is about.",
    "ReliefView.leaves": "What it leaves of the rule.",
    "ReliefView.surely": "Whether it surely applies.",
    "ReliefView.terms": "Its terms.",
    "ReliefView.cite": "Where it is written.",
    "Reason.kind": "`all`, `any`, `meets`, `element`, `test`, or a quantifier such as `some party`.",
    "Reason.truth": "Its truth.",
    "Reason.negated": "Whether it stands under a *not*.",
    "Reason.path": "The fact that a test reads.",
    "Reason.op": "What the test asks.",
    "Reason.values": "With what it compares.",
    "Reason.register": "The register it looks in.",
    "Reason.where": "The columns that narrow the register.",
    "Reason.name": "The named condition.",
    "Reason.element": "The item, party or place.",
    "Reason.value": "The value that was read; null where nothing was given.",
    "Reason.source": 'Where the value comes from; `""` where nothing was given.',
    "Reason.says": "The words it rests on.",
    "Reason.parts": "The reasons below it.",
    "Gap.id": "The body of law.",
    "Gap.title": "What it is.",
    "Question.path": "The fact; `complete` asks whether a list lacks nothing, `act.at` for the time of day.",
    "Question.element": 'The item, party or place it belongs to; the list, for `complete`; `""` for the act.',
    "Question.question": "The question.",
    "Question.allowed": "The values it takes, in short.",
    "Question.share": "The share of its possible answers that settle the headline at once, from 0 to 1.",
    "HorizonView.on": 'The first day of the stretch; `""` is the beginning.',
    "HorizonView.verdict": "The headline from then on.",
    "HorizonView.floor": "What holds at least.",
    "HorizonView.ceiling": "What may hold at most.",
    "HorizonView.because": "The events of that day.",
    "CounterfactualView.changes": "The facts to choose otherwise.",
    "CounterfactualView.licence_for": "Or the rules to hold a licence for.",
    "CounterfactualView.verdict": "The headline it leads to.",
    "CounterfactualView.floor": "What would hold at least.",
    "CounterfactualView.ceiling": "What might hold at most.",
    "ChangeView.path": "The fact.",
    "ChangeView.element": 'The item, party or place; `""` for the act.',
    "ChangeView.before": "Its value now.",
    "ChangeView.after": "A value that would do.",
    "ChangeView.among": "How many values would do, this one included.",
    "ConflictView.kind": "`blocking`: required and forbidden. `sequencing`: required, and to be licensed first.",
    "ConflictView.required_by": "The rule that requires the act.",
    "ConflictView.barred_by": "The rule that forbids or gates it.",
    "ConflictView.token": "The act, a code of `activities`.",
    "ConflictView.certain": "Whether both rules surely apply.",
    "ConflictView.cite": "Both citations.",
    "PresumedView.path": "The fact presumed.",
    "PresumedView.element": 'The item, party or place; `""` for the act.',
    "PresumedView.value": "The value presumed.",
    "PresumedView.cite": "The law that presumes it.",
    "Candidate.element": "The party.",
    "Candidate.entry": "The entry, as `REGISTER/ID`.",
    "Candidate.by": "`name`: exeat found the names equal; `screening`: the transaction says so.",
    "Candidate.name": "The listed name, where the transaction writes the entry out.",
    "Candidate.since": "The entry's first day, likewise.",
    "Candidate.says": "What the entry rests on, likewise.",
    "ListedView.element": "The party.",
    "ListedView.register": "The list.",
    "ListedView.title": "Its name.",
    "ListedView.at_most": "The strictest that being listed there may come to.",
    "ListedView.open": "True while nobody confirmed or dismissed it.",
    "ListedView.entries": "The entries, as `REGISTER/ID`.",
    "ListedView.cite": "The law of the list.",
    "Checked.checked": "The regimes that were decided.",
    "Checked.not_checked": "Law of the jurisdictions touched that was not.",
    "Checked.encoded_to": "The day the rulebook as a whole is encoded to.",
}

ENUMS: dict[str, list[Any]] = {
    "Decision.exit_code": [code for code in d.EXIT_SEVERITY if code not in (2, 70)],
    "JurisdictionView.touched": ["no", "unknown", "yes"],
    "Finding.effect": list(EFFECTS),
    "Finding.result": ["applies", "undecided", "defeated", "dormant"],
    "Finding.policy": ["", *POLICIES],
    "Status.status": ["not yet in force", *STATUSES],
    "ReliefView.leaves": LEVELS,
    "Reason.truth": ["true", "false", "unknown"],
    "Reason.source": ["", *SOURCES, "derived", "presumed"],
    "ConflictView.kind": ["blocking", "sequencing"],
}
BY_NAME: dict[str, list[Any]] = {"verdict": VERDICTS, "floor": LEVELS, "ceiling": LEVELS, "seen": list(SEEN)}


def decision_schema() -> Schema:
    """The schema of a decision. An output says every field: all are required, and there are no others."""
    (root,), components = msgspec.json.schema_components([d.Decision])
    defs = {name: _described(name, body) for name, body in components.items()}
    return {"$schema": DIALECT, **root, "$defs": defs}


def _described(name: str, body: Schema) -> Schema:
    properties = {}
    for field, given in body["properties"].items():
        key = f"{name}.{field}"
        enum = ENUMS.get(key) or BY_NAME.get(field)
        if enum and field == "seen" and name == "Status":
            enum = ["", *enum]
        schema = {"enum": enum} if enum else _texts(given, field)
        plain = {k: v for k, v in schema.items() if k != "default"}
        properties[field] = {**plain, "description": FIELDS.get(key, "")}
    description = re.sub(r"``(.+?)``", r"`\1`", inspect.cleandoc(body.get("description", "")))
    return {
        "title": name,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _texts(schema: Schema, field: str) -> Schema:
    """Maps of words are texts in both languages ({} where there is none), but for ``where``."""
    if schema.get("type") == "array":
        return {**schema, "items": _texts(schema["items"], field)}
    words = schema.get("type") == "object" and schema.get("additionalProperties") == {"type": "string"}
    return TEXT if words and field != "where" else schema


def law_list_schema() -> Schema:
    """The schema of one line of ``exeat law list --json``: a regime with its measures, rules and registers."""
    word: Schema = {"type": "string"}
    effects = [*EFFECTS, *(f"relief: {relief}" for relief in RELIEFS)]
    rule: Schema = closed({"rule": word, "effect": {"enum": effects}, "title": word}, ["rule", "effect", "title"])
    measure: Schema = {"measure": word, "kind": word, "title": word, "rules": {"type": "array", "items": rule}}
    register: Schema = {"register": word, "title": word, "rows": {"type": "integer", "minimum": 0}}
    regime: Schema = {
        "regime": word,
        "jurisdiction": word,
        "title": word,
        "binding": {"type": "boolean"},
        "measures": {"type": "array", "items": closed(measure, measure)},
        "registers": {"type": "array", "items": closed(register, register)},
    }
    return closed(regime, regime, title="LawList", description="A regime, as the list of the law shows it.")


def published_schema(book: Book) -> Schema:
    """The one document that validates every face: transaction, decision, errors, a line of the list of the law."""
    parts = {
        "transaction": transaction_schema(book.vocabulary),
        "decision": decision_schema(),
        "errors": error_schema(),
        "lawList": law_list_schema(),
    }
    root = {
        "title": "exeat",
        "description": "Whatever exeat reads and writes as JSON. Each kind of document has its own entry in $defs.",
        "anyOf": [ref(name) for name in parts],
    }
    return merge(root, parts)
