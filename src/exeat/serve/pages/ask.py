"""Ask: paste, upload, take an example, or be interviewed one question a page; check your answers; decide."""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Response, Template

from exeat.decide.decision import Decision
from exeat.errors import InputError, InputErrors
from exeat.home import law_folders
from exeat.page.form import ROLE_LISTS, SCOPES, Form, plain
from exeat.rulebook.load import shipped_law
from exeat.serve.asker import Asker
from exeat.serve.pages import draft as drafts
from exeat.serve.pages.draft import Draft, form_of
from exeat.serve.pages.show import page, several, text_or_file, to, words
from exeat.serve.problem import Refused
from exeat.serve.roles import needs
from exeat.serve.services import Services
from exeat.vocabulary.model import PLURALS
from exeat.vocabulary.reader import Map, decode, read_file, read_text
from exeat.vocabulary.transaction import Transaction

Web = Request[Any, Any, Any]
STRUCTURE = ("activity", "act.on")
MAX_SUGGESTED = 2_000  # entries of a register that a field suggests


# --- the beginning


@get("/ask", opt=needs("analyst"))
async def start(asker: Asker) -> Template:
    """Where a question begins."""
    return page("ask/start.html", asker, here="ask", begun=drafts.load(asker), examples=sorted(examples()), faults=[])


@post("/ask", opt=needs("analyst"))
async def begin(request: Web, services: Services, asker: Asker) -> Redirect | Template:
    """Begin: with nothing, with a document, with an example, or where one stopped."""
    given = await words(request)
    how = given.get("how", "")
    try:
        if how == "resume":
            drafts.save(asker, drafts.take_up(services, asker, given.get("code", "")))
            return to("/ask/check")
        if how == "interview":
            drafts.save(asker, Draft({"transaction": "1"}))
            return to("/ask/next")
        if how == "example":
            document = _example(given.get("example", ""))
        else:
            raw, name = await text_or_file(request, "text", "file")
            document = _document(raw, name)
        form = form_of(services, asker, Draft(document))
        if form.malformed():
            form.parsed()  # says why
        form.parsed()
    except InputErrors as errors:
        return _again(asker, given, list(errors.errors))
    except InputError as error:
        return _again(asker, given, [error])
    drafts.keep(asker, form, Draft(document))
    return to("/ask/check")


def _again(asker: Asker, given: dict[str, str], faults: list[InputError]) -> Template:
    return page(
        "ask/start.html", asker, 422, here="ask", begun=drafts.load(asker), examples=sorted(examples()), faults=faults,
        given=given,
    )  # fmt: skip


def _document(raw: bytes, name: str) -> dict[str, Any]:
    if not raw.strip():
        raise InputError("there is nothing here: paste a transaction or choose a file", path="text")
    node = read_text(decode(raw, name), name)
    if not isinstance(node, Map):
        raise InputError("not a transaction: a mapping is needed", file=name)
    found: dict[str, Any] = plain(node)
    return found


@functools.cache
def examples() -> dict[str, Any]:
    """The examples that come with the source, by name; none where only the package is there."""
    folder = shipped_law().parent / "examples"
    return {str(path.relative_to(folder).with_suffix("")): path for path in sorted(folder.glob("*/*.yaml"))}


def _example(name: str) -> dict[str, Any]:
    if name not in examples():
        raise InputError("no such example", path="example", found=name)
    found: dict[str, Any] = plain(read_file(examples()[name], name))
    return found


# --- one question a page


@get("/ask/next", opt=needs("analyst"))
async def onward(services: Services, asker: Asker) -> Redirect:
    """The next question that can still change the verdict; the check of the answers when there is none."""
    form = form_of(services, asker, drafts.need(asker))
    try:
        found = form.next()
    except InputErrors:  # the check tells what is wrong
        return to("/ask/check")
    return to(f"/ask/question?{_query(*found)}" if found else "/ask/check")


def _query(path: str, element: str, back: str = "") -> str:
    from urllib.parse import urlencode  # noqa: PLC0415

    return urlencode({key: value for key, value in (("path", path), ("element", element), ("back", back)) if value})


@get("/ask/question", opt=needs("analyst"))
async def question(
    services: Services, asker: Asker, path: FromQuery[str], element: FromQuery[str] = "", back: FromQuery[str] = ""
) -> Template:
    """One question, with what was answered before."""
    draft = drafts.need(asker)
    return _question(services, asker, draft, path, element, back, "", None)


def _question(
    services: Services, asker: Asker, draft: Draft, path: str, element: str, back: str, fault: str, typed: str | None
) -> Template:
    form = form_of(services, asker, draft)
    with contextlib.suppress(InputErrors):
        form.decide()  # so that elements are called by their names
    field = form.field(path, element)
    if typed is not None:
        field = msgspec.structs.replace(field, known=_typed(field.kind, typed))
    before = _before(draft, path, element)
    return page(
        "ask/question.html", asker, 422 if fault else 200, here="ask", field=field, back=back, fault=fault,
        before=f"/ask/question?{_query(*before)}" if before else "/ask",
        suggested=_suggested(services, field.kind, path),
    )  # fmt: skip


def _typed(kind: str, typed: str) -> tuple[str, ...]:
    """What was typed, as the words that a field shows again."""
    return tuple(part for part in typed.split(",") if part) if kind == "codes" else (typed,) if typed else ()


def _before(draft: Draft, path: str, element: str) -> tuple[str, str] | None:
    """The question before this one on the way here."""
    asked = draft.asked
    at = asked.index((path, element)) if (path, element) in asked else len(asked)
    return asked[at - 1] if at else None


def _suggested(services: Services, kind: str, path: str) -> list[tuple[str, str]]:
    """The register entries that a question about entries may be answered with."""
    if kind != "entries":
        return []
    of = PLURALS[path.partition(".")[0]]
    registers = [one for one in services.book.registers.values() if one.of == of]
    found = {f"{one.id}/{row.id}": ", ".join(row.aliases[:2]) for one in registers for row in one.rows}
    return list(found.items())[:MAX_SUGGESTED]


@post("/ask/question", opt=needs("analyst"))
async def answered(request: Web, services: Services, asker: Asker) -> Redirect | Template:
    """Write an answer down, and go on."""
    draft = drafts.need(asker)
    given = await words(request)
    path, element, back = given.get("path", ""), given.get("element", ""), given.get("back", "")
    answers, state = await several(request, "answer"), given.get("state", "")
    said = ",".join([*answers, state]) if state == "none" else state or ",".join(answers)
    if not said:
        fault = "请作答，或选择“不知道”。" if asker.lang == "zh" else "Answer, or say that you do not know."
        return _question(services, asker, draft, path, element, back, fault, "")
    form = form_of(services, asker, draft)
    fault = _write(form, path, element, said, given)
    if fault:
        return _question(services, asker, draft, path, element, back, fault, said)
    if (path, element) not in draft.asked:
        draft.asked.append((path, element))
    drafts.keep(asker, form, draft)
    if path == "complete" and said == "false":
        return to(f"/ask/check#add-{element}")
    return to("/ask/check" if back == "check" else "/ask/next")


def _write(form: Form, path: str, element: str, said: str, given: dict[str, str]) -> str:
    if path in ("act.on", "act.at"):
        clock = given.get("clock", "")
        if said == "unknown":
            if path == "act.at":
                form.passed.add((element, path))
                return ""
            return "需要日期。" if form.lang == "zh" else "A day is needed: the law differs from day to day."
        return form.put_day(f"{said}T{clock}" if clock else said)
    if path == "complete":
        if said == "true":
            form.mark_complete(element)
        else:
            form.passed.add((element, path))
        return ""
    fact = form.vocabulary.facts.get(path)
    if fact is None:
        raise Refused(404, "no such question", path=path)
    fault = form.put(fact, element, said)
    if not fault and path == "activity":
        form.fill_roles()
    return fault


# --- all of it


@get("/ask/check", opt=needs("analyst"))
async def check(services: Services, asker: Asker) -> Template:
    """The task list and every answer so far."""
    draft = drafts.need(asker)
    return _check(services, asker, draft, [])


def _check(services: Services, asker: Asker, draft: Draft, faults: list[InputError], code: str = "") -> Template:
    form = form_of(services, asker, draft)
    decision: Decision | None = None
    try:
        decision = form.decide()
    except InputErrors as errors:
        faults = [*faults, *errors.errors]
    left = form.left(decision) if decision else []
    return page(
        "ask/check.html", asker, 422 if faults and not code else 200, here="ask", draft=draft, form=form, faults=faults,
        left=left, ready=decision is not None, groups=_groups(form, left), titles=_titles(form), code=code,
        role_lists={scope: list(form.choices(name)) for scope, name in ROLE_LISTS.items()},
    )  # fmt: skip


def _titles(form: Form) -> dict[str, str]:
    return {path: form.names.text(fact.title) for path, fact in form.vocabulary.facts.items()}


def _groups(form: Form, left: list[Any]) -> list[dict[str, Any]]:
    """The act, the items, the parties and the places: what is stated of each, what is open, what more may be said."""
    groups = []
    for scope, plural in PLURALS.items():
        elements = [
            {
                "id": str(one["id"]),
                "name": form.called(scope, str(one["id"])),
                "stated": form.stated(scope, str(one["id"])),
                "open": [q for q in left if q.element == one["id"] and q.path.startswith(f"{scope}.")],
                "more": _unstated(form, scope, str(one["id"])),
            }
            for one in form.elements(scope)
        ]
        groups.append(
            {"scope": scope, "plural": plural, "elements": elements, "complete": plural in form.complete(),
             "open": [q for q in left if q.path.startswith(f"{scope}.") or (q.path, q.element) == ("complete", plural)]}
        )  # fmt: skip
    return groups


def _unstated(form: Form, scope: str, key: str) -> list[str]:
    stated = {path for path, _ in form.stated(scope, key)}
    return [fact.path for fact in form.vocabulary.of_scope(scope) if fact.path not in stated and "." in fact.path]


@post("/ask/element", opt=needs("analyst"))
async def element(request: Web, services: Services, asker: Asker) -> Redirect | Template:
    """Add an item, a party or a place, or take one away."""
    draft = drafts.need(asker)
    given = await words(request)
    scope = given.get("scope", "")
    if scope not in PLURALS:
        raise Refused(422, "no such list", path="scope", found=scope)
    form = form_of(services, asker, draft)
    if given.get("remove"):
        form.remove(scope, given["remove"])
    else:
        role = given.get("role", "")
        if scope in ROLE_LISTS and role not in form.vocabulary.lists[ROLE_LISTS[scope]].codes:
            says = "请选择角色。" if asker.lang == "zh" else "Choose a role."
            return _check(services, asker, draft, [InputError(says, path=f"add-{PLURALS[scope]}")])
        new = form.add(scope, {"role": role} if role else {})
        if scope != "place" and given.get("name"):
            new["name"] = given["name"]
    drafts.keep(asker, form, draft)
    return to(f"/ask/check#{PLURALS[scope]}")


@post("/ask/title", opt=needs("analyst"))
async def title(request: Web, services: Services, asker: Asker) -> Redirect:
    """What the transaction is called."""
    draft = drafts.need(asker)
    draft.document["title"] = (await words(request)).get("title", "") or "a transaction"
    drafts.save(asker, draft)
    return to("/ask/check")


@post("/ask/later", opt=needs("analyst"))
async def later(services: Services, asker: Asker) -> Template:
    """A code to come back with, shown once."""
    draft = drafts.need(asker)
    return _check(services, asker, draft, [], drafts.put_away(services, asker, draft))


@get("/ask/draft.yaml", opt=needs("analyst"))
async def as_yaml(asker: Asker) -> Response[str]:
    """The transaction as a file, as far as it has come."""
    import yaml  # noqa: PLC0415

    text = yaml.safe_dump(drafts.need(asker).document, allow_unicode=True, sort_keys=False, width=100)
    told = {"content-disposition": 'attachment; filename="transaction.yaml"'}
    return Response(text, media_type="application/yaml", headers=told)


# --- deciding


@post("/ask/decide", opt=needs("analyst"))
async def decide(services: Services, asker: Asker) -> Redirect | Template:
    """Decide, record, and show."""
    draft = drafts.need(asker)
    try:
        transaction = form_of(services, asker, draft).parsed()
        n = await record(services, asker, transaction, draft.follows)
    except InputErrors as errors:
        return _check(services, asker, draft, list(errors.errors))
    drafts.drop(asker)
    return to(f"/decisions/{n}")


async def record(services: Services, asker: Asker, asked: Transaction, follows: int = 0, known: str = "") -> int:
    """Decide a transaction under today's rulebook and keep the answer; its number."""
    options = services.options(**({"known": known} if known else {}))
    decision = services.engine.decide(asked, options)
    kept = await services.away(
        services.record.keep, decision, asked, options, services.book, by=asker.name, folders=_folders(services),
        follows=follows,
    )  # fmt: skip
    return kept.n


def _folders(services: Services) -> list[Any]:
    return list(services.folders or law_folders())


PAGES: list[Any] = [
    start, begin, onward, question, answered, check, element, title, later, as_yaml, decide,
]  # fmt: skip
__all__ = ["PAGES", "SCOPES", "record"]
