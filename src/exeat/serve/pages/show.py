"""What the pages' handlers share: a page out of a template, a way on, the words of a form."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from exeat.serve.asker import Asker

MAX_WORD = 4_000  # characters of one field; longer texts have fields of their own


def page(name: str, asker: Asker, status: int = 200, **more: Any) -> Template:
    """A page out of a template."""
    from exeat.serve import pages  # noqa: PLC0415  it lists the modules that use this one

    return pages.page(name, asker, status, **more)


def to(path: str, headers: dict[str, str] | None = None) -> Redirect:
    """On to another page, as a GET."""
    return Redirect(path, status_code=303, headers=headers or {})


async def words(request: Request[Any, Any, Any]) -> dict[str, str]:
    """A form's fields, each one's last value."""
    form = await request.form()
    return {key: value.strip()[:MAX_WORD] for key, value in form.items() if isinstance(value, str)}


async def several(request: Request[Any, Any, Any], key: str) -> list[str]:
    """All values of one field."""
    form = await request.form()
    return [value for value in form.getall(key, []) if isinstance(value, str) and value]


async def text_or_file(request: Request[Any, Any, Any], field: str, upload: str) -> tuple[bytes, str]:
    """What was pasted or uploaded, as bytes with a name; the file where both are given."""
    form = await request.form()
    file = form.get(upload)
    if isinstance(file, UploadFile) and file.filename:
        return await file.read(), file.filename.replace("\\", "/").rpartition("/")[2][:200]
    text = form.get(field)
    return (text if isinstance(text, str) else "").encode(), "pasted"
