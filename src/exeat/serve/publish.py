"""``python -m exeat.serve.publish``: writes ``docs/reference/rest.md`` out of what the routes say of themselves."""

from __future__ import annotations

from pathlib import Path

from exeat.serve.api.openapi import routes
from exeat.serve.doc import Doc, Param

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rest.md"
HEAD = """# Reference: the REST API

<!-- Generated from the routes by `python -m exeat.serve.publish`. Do not edit. -->

`exeat serve` answers at the addresses below; `/openapi.json` is the same as an OpenAPI 3.1 document, with the schema of
every body. [How to serve it](../how-to/serve.md) comes first.

- **Who.** `Authorization: Bearer TOKEN` (or `ApiKey TOKEN`); a *role* may do all that the one before it may: viewer,
  analyst, approver, admin. On loopback without a login everybody is admin.
- **Errors** are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) documents (`application/problem+json`): `type`,
  `title`, `status`, `detail`, and `errors`, each with its `problem`, `line`, `path`, what was `found`, what is
  `allowed`, and a `hint`. A parameter that nobody knows is an error, too: a misspelt `known` would change the answer.
- **Keys.** Any POST takes `Idempotency-Key`: within a day, the same request under it gets the first answer again
  (`Idempotency-Replayed: true`), another request 422.
- **Pages.** `next` (and the `Link` header) holds the cursor of the page after; "" on the last.
- **Language.** `Accept-Language: zh` or `en` chooses it, where titles are in one language; codes never change.
- **Every look at the record** is entered in the record.

"""


def page() -> str:
    """The page."""
    by_tag: dict[str, list[tuple[str, str, Doc]]] = {}
    for (method, path), doc in sorted(routes().items(), key=lambda one: one[0][::-1]):
        by_tag.setdefault(doc.tag, []).append((method, path, doc))
    parts = [HEAD]
    for tag, found in by_tag.items():
        parts.append(f"## {tag[0].upper()}{tag[1:]}\n\n")
        parts += [_route(method, path, doc) for method, path, doc in found]
    return "".join(parts).rstrip("\n") + "\n"


def _route(method: str, path: str, doc: Doc) -> str:
    lines = [f"### `{method} {path}`\n", f"\n{doc.says} *Role: {doc.role}.*\n"]
    if doc.body:
        lines.append(f"\nBody: {', '.join(f'`{media}`' for media in doc.body)}.\n")
    if doc.params:
        lines.append("\n| parameter | meaning |\n|---|---|\n")
        lines += [f"| `{one.name}` {_kind(one)} | {one.says} |\n" for one in doc.params]
    replies = "; ".join(f"{code}: {reply.says.rstrip('.')}" for code, reply in sorted(doc.replies.items()))
    return "".join([*lines, f"\nAnswers: {replies}.\n\n"])


def _kind(param: Param) -> str:
    """What a parameter takes, in short."""
    schema = param.schema
    kind = " or ".join(f"`{one}`" for one in schema["enum"]) if "enum" in schema else schema.get("type", "text")
    kind = "day" if schema.get("format") == "date" else "text" if kind == "string" else kind
    kind = "text, repeated" if kind == "array" else kind
    default = f", default `{str(schema['default']).lower()}`" if schema.get("default") not in (None, "") else ""
    needed = ", needed" if param.required else ""
    return f"({kind}{default}{needed})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
