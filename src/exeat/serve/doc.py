"""What a REST route says of itself. Parameters are read by it and the OpenAPI document is made of it, so that neither
can say what the other does not do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response

from exeat.errors import InputError, InputErrors
from exeat.serve.problem import MEDIA, Problem, Refused
from exeat.serve.roles import needs

Schema = dict[str, Any]
JSON, YAML, LINES, CSV, TEXT = "application/json", "application/yaml", "application/x-ndjson", "text/csv", "text/plain"
ZIP = "application/zip"
PLAIN: Schema = {"description": "Text, as it is."}
WORD: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
DAY: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
YES: Schema = {"type": "boolean", "default": False}
WORDS: Schema = {"type": "array", "items": WORD, "maxItems": 100}
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,3})?")
USUAL = {401: "Nobody known asked.", 403: "Whoever asked may not.", 429: "Too much at once."}
BODIES = {
    400: "The body or a header cannot be read.",
    409: "The key or the number is used for something else.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "What was sent is faulty; `errors` say where and how to mend it.",
}


class Param(msgspec.Struct, frozen=True):
    """A parameter of the query or the path. Its schema may say type, enum, bounds, length, pattern and default."""

    name: str
    says: str
    schema: Schema = msgspec.field(default_factory=lambda: WORD)
    where: str = "query"
    required: bool = False


class Reply(msgspec.Struct, frozen=True):
    """An answer: what it is, and its media type. ``type`` is a msgspec type, a schema, a list of
    either, or None for no body.
    """

    says: str
    type: Any = None
    media: str = JSON


NOWHERE = Reply("There is none of that name.", Problem, MEDIA)
UNRECORDED = Reply("The record cannot be read or written; `detail` says why.", Problem, MEDIA)


class Doc(msgspec.Struct, frozen=True):
    """A route. ``body`` gives each media type that it takes its schema (or msgspec type)."""

    id: str
    says: str
    tag: str
    replies: dict[int, Reply]
    params: tuple[Param, ...] = ()
    body: dict[str, Any] = {}
    needed: bool = True
    role: str = "admin"
    loose: bool = False  # whether parameters that nobody knows are let pass, as yente's clients expect


def told(role: str, doc: Doc) -> dict[str, Any]:
    """The ``opt`` of a documented route."""
    return {**needs(role), "doc": msgspec.structs.replace(doc, role=role)}


def answer(found: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """An answer in JSON; bytes are JSON already."""
    body = found if isinstance(found, bytes) else encode(found)
    return Response(body, status_code=status, media_type=JSON, headers=dict(headers or {}))


def _plain(value: object) -> str:
    """A word of a data file (a string that knows its line) as a plain string."""
    if not isinstance(value, str):
        raise NotImplementedError(type(value).__name__)
    return str(value)


encode = msgspec.json.Encoder(enc_hook=_plain).encode


# --- reading


def parameters(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The query's and the path's parameters, checked by what the route says of them.

    Raises:
        InputErrors: everything that was wrong with them.
    """
    doc: Doc = request.route_handler.opt["doc"]
    given: dict[str, list[str]] = {}
    query = request.scope["query_string"].decode("latin-1")
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace") if query else ():
        given.setdefault(name, []).append(value)
    found: dict[str, Any] = {}
    faults: list[InputError] = []
    for param in doc.params:
        if param.where == "path":
            values = [str(request.path_params[param.name]).lstrip("/")]
        else:
            values = given.pop(param.name, [])
        try:
            found[param.name] = _taken(param, values)
        except InputError as error:
            faults.append(error)
    if given and not doc.loose:
        allowed = ", ".join(one.name for one in doc.params if one.where == "query")
        faults += [InputError("no such parameter", path=name, allowed=allowed) for name in given]
    if faults:
        raise InputErrors(faults)
    return found


def _taken(param: Param, values: list[str]) -> Any:
    """A parameter's value.

    Raises:
        InputError: it is not there and must be, is there twice, or is not what it may be.
    """
    schema = param.schema
    if schema.get("type") == "array":
        if len(values) > schema.get("maxItems", 100):
            raise InputError("too many", path=param.name, allowed=f"{schema.get('maxItems', 100)}")
        return tuple(_value(param.name, schema["items"], one) for one in values)
    if len(values) > 1:
        raise InputError("given twice", path=param.name)
    if not values:
        if param.required:
            raise InputError("is needed", path=param.name)
        return schema.get("default")
    return _value(param.name, schema, values[0])


def _value(path: str, schema: Schema, text: str) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        if text not in ("true", "false"):
            raise InputError("not yes or no", path=path, found=text, allowed="true, false")
        return text == "true"
    if kind in ("integer", "number"):
        return _number(path, schema, text, INTEGER if kind == "integer" else NUMBER)
    if "enum" in schema:
        if text not in schema["enum"]:
            raise InputError("not one of these", path=path, found=text, allowed=", ".join(schema["enum"]))
        return text
    return _text(path, schema, text)


def _number(path: str, schema: Schema, text: str, shape: re.Pattern[str]) -> int | float:
    if not shape.fullmatch(text):
        raise InputError("not a number", path=path, found=text)
    value = float(text) if shape is NUMBER else int(text)
    if value < schema.get("minimum", value) or value > schema.get("maximum", value):
        bounds = f"{schema.get('minimum', '')} to {schema.get('maximum', '')}"
        raise InputError("out of bounds", path=path, found=text, allowed=bounds)
    return value


def _text(path: str, schema: Schema, text: str) -> str:
    if not text.isprintable():
        raise InputError("a control character is not allowed", path=path)
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 1000):
        raise InputError("too short or too long", path=path, allowed=f"to {schema.get('maxLength', 1000)} characters")
    if "pattern" in schema and not re.search(schema["pattern"], text, re.ASCII):
        raise InputError("not of the right form", path=path, found=text, allowed=schema["pattern"])
    if schema.get("format") == "date":
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            raise InputError("not a day", path=path, found=text, allowed="YYYY-MM-DD") from None
    return text


async def body_of(request: Request[Any, Any, Any]) -> tuple[str, bytes]:
    """The media type (without its parameters) and the bytes of a body.

    Raises:
        Refused: 415, another type than the route takes; 400, there is none.
    """
    doc: Doc = request.route_handler.opt["doc"]
    stated = request.headers.get("content-type", "")
    media = stated.split(";")[0].strip().lower()
    raw = await request.body()
    if not raw and not doc.needed:
        return media, raw
    if media not in doc.body:
        raise Refused(
            415, "not a type that is taken here", path="Content-Type", found=media, allowed=", ".join(doc.body)
        )
    charset = stated.lower().partition("charset=")[2].strip(" \"'")
    if charset not in ("", "utf-8", "utf8"):
        raise Refused(415, "only UTF-8 is taken here", path="Content-Type", found=charset)
    if not raw:
        raise Refused(400, "the body is empty", path="body")
    return media, raw


async def struct_of(request: Request[Any, Any, Any], kind: Any) -> Any:
    """The body as a msgspec structure.

    Raises:
        Refused: it is not JSON, or not of the right shape.
    """
    _, raw = await body_of(request)
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        says, _, at = str(error).partition(" - at ")
        raise Refused(422, says, path=at.strip("`").removeprefix("$.") or "body") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"not JSON: {error}", path="body") from None


# --- the document


def openapi(docs: Mapping[tuple[str, str], Doc], version: str, parts: Mapping[str, Schema]) -> Schema:
    """The OpenAPI 3.1 document of routes, each by method and path; ``parts`` are schemas that they name."""
    components: dict[str, Schema] = {}
    for name, part in parts.items():
        components |= _moved(name, part)
    paths: dict[str, Schema] = {}
    for (method, path), doc in docs.items():
        paths.setdefault(path, {})[method.lower()] = _operation(method, doc, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "exeat",
            "version": version,
            "summary": "May this technology, software, app, data or service cross this border, on this date, and why?",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(method: str, doc: Doc, components: dict[str, Schema]) -> Schema:
    params = [
        {"name": one.name, "in": one.where, "required": one.required or one.where == "path",
         "description": one.says, "schema": one.schema}
        for one in doc.params
    ]  # fmt: skip
    faults = {**USUAL, 400: BODIES[400], 422: "A parameter is faulty."}
    if method == "POST":
        faults |= BODIES
        key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"}
        says = "A second request with it (within a day) gets the first answer."
        params.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "description": says, "schema": key}
        )
    problem = _typed(Problem, components, "")
    replies: Schema = {str(code): _reply(one, components, doc.tag, doc.id) for code, one in doc.replies.items()}
    for code, says in sorted(faults.items()):
        replies.setdefault(str(code), {"description": says, "content": {MEDIA: {"schema": problem}}})
    found: Schema = {
        "operationId": doc.id,
        "summary": doc.says.split("\n")[0],
        "description": f"{doc.says}\n\nRole: {doc.role}.",
        "tags": [doc.tag],
        "parameters": params,
        "responses": replies,
    }
    if doc.body:
        content = {media: {"schema": _typed(kind, components, doc.tag, doc.id)} for media, kind in doc.body.items()}
        found["requestBody"] = {"required": doc.needed, "content": content}
    return found


def _reply(reply: Reply, components: dict[str, Schema], *names: str) -> Schema:
    if reply.type is None:
        return {"description": reply.says}
    return {"description": reply.says, "content": {reply.media: {"schema": _typed(reply.type, components, *names)}}}


def _typed(kind: Any, components: dict[str, Schema], *names: str) -> Schema:
    """The schema of a msgspec type, a schema, or any of a list.

    The parts of a type become components: ``tag.Part``, or ``operation.Part`` where the tag has another part of that
    name.
    """
    if isinstance(kind, dict):
        return kind
    if isinstance(kind, list):
        return {"anyOf": [_typed(one, components, *names) for one in kind]}
    for name in names:
        before = f"{name}." if name else ""
        (schema,), parts = msgspec.json.schema_components([kind], ref_template=f"#/components/schemas/{before}{{name}}")
        if all(components.get(before + key, part) == part for key, part in parts.items()):
            components |= {before + key: part for key, part in parts.items()}
            return schema
    raise ValueError(f"{names}: two schemas of one name")


def _moved(name: str, part: Schema) -> dict[str, Schema]:
    """A schema that stands alone, and its definitions, as components: ``name`` and ``name.definition``."""

    def move(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: f"#/components/schemas/{name}.{value.removeprefix('#/$defs/')}" if key == "$ref" else move(value)
                for key, value in node.items()
            }
        return [move(one) for one in node] if isinstance(node, list) else node

    root = {key: value for key, value in part.items() if key not in ("$schema", "$defs")}
    found = {name: move(root)}
    for key, value in part.get("$defs", {}).items():
        found[f"{name}.{key}"] = move(value)
    return found


def ref(name: str) -> Schema:
    """A reference to one of the ``parts``."""
    return {"$ref": f"#/components/schemas/{name}"}
