"""Lists on paper: what an import did, how the lists stand, what changed, one entry. Every word in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from wcwidth import wcswidth

from exeat.page.safe import visible
from exeat.screen.lists import Status
from exeat.screen.model import ListVersion, Party
from exeat.screen.store import Diff

SHOWN = 20  # entries of one kind that an import or a diff names in print; all stand in the JSON
WORDS: dict[str, tuple[str, str]] = {
    "fresh": ("fresh", "最新"),
    "stale": ("STALE", "已过期"),
    "missing": ("MISSING", "缺失"),
    "closed": ("CLOSED", "已停用"),
    "entries": ("{0} entries", "{0} 个条目"),
    "as of": ("as of {0}", "截至 {0}"),
    "known": ("known {0}", "所知 {0}"),
    "age": ("{0} of {1} days", "{0}/{1} 天"),
    "versions": ("{0} versions", "{0} 个版本"),
    "added": ("added", "新增"),
    "removed": ("removed", "移除"),
    "changed": ("changed", "变更"),
    "more": ("… {0} more", "…另有 {0} 项"),
    "nothing new": ("nothing new: this version is already here", "无新内容：该版本已在库中"),
    "first version": ("first version", "首个版本"),
    "note": ("note", "说明"),
    "accepted": ("accepted although", "已接受，尽管"),
    "accepted because": ("accepted although suspicious: {0}", "存疑但已接受：{0}"),
    "unchanged": ("unchanged at the publisher", "发布方未更新"),
    "failed": ("kept as it was: the download failed or was refused", "保持原状：下载失败或被拒绝"),
    "no source": ("no file to fetch: import it by hand", "无可下载文件：请手动导入"),
    "why stale": ("stale after {0} days: {1}", "{0} 天后视为过期：{1}"),
    "not screened": (
        "{0} lists are missing or stale: what is asked of them is not screened, which is never the same as no hit",
        "{0} 个名单缺失或过期：未经其筛查，绝不等于未命中",
    ),
    "name": ("name", "名称"),
    "also": ("also", "别名"),
    "kind": ("kind", "类型"),
    "countries": ("countries", "国家"),
    "born": ("born", "出生"),
    "birth places": ("born in", "出生地"),
    "gender": ("gender", "性别"),
    "numbers": ("numbers", "号码"),
    "addresses": ("addresses", "地址"),
    "linked to": ("linked to", "关联"),
    "list": ("list", "名单"),
    "authority": ("authority", "机关"),
    "programmes": ("programmes", "项目"),
    "requirement": ("requirement", "要求"),
    "policy": ("policy", "政策"),
    "citation": ("citation", "依据"),
    "since": ("since", "起"),
    "until": ("until", "止"),
    "not said": ("the list does not say", "名单未载明"),
    "remarks": ("remarks", "备注"),
    "means": ("means", "含义"),
    "seen in": ("seen in", "见于"),
    "wrong digit": ("check digit wrong", "校验位不符"),
    "person": ("person", "个人"),
    "organisation": ("organisation", "组织"),
    "vessel": ("vessel", "船舶"),
    "aircraft": ("aircraft", "航空器"),
}


def word(key: str, lang: str, *values: object) -> str:
    """One of the words, with its values in it."""
    return WORDS[key][lang == "zh"].format(*values)


def _column(text: str, width: int) -> str:
    """A text and the blanks that fill its column; Chinese letters are two wide."""
    return text + " " * max(1, width - max(0, wcswidth(text)))


def number(count: int) -> str:
    return f"{count:,}"


def _version(one: ListVersion, lang: str) -> str:
    parts = (word("entries", lang, number(one.parties)), word("as of", lang, one.as_of), word("known", lang, one.known))
    return " · ".join(parts)


def brought(diffs: Sequence[Diff], notes: Sequence[str], accepted: Sequence[str], lang: str) -> str:
    """What an import or an update did."""
    lines = []
    for one in diffs:
        if one.version is None:
            lines.append(f"{_column(one.list, 24)}{word('nothing new', lang)}")
            continue
        counts = f"+{number(len(one.added))} −{number(len(one.removed))} ~{number(len(one.changed))}"
        against = f"{counts} ({word('as of', lang, one.before.as_of)})" if one.before else word("first version", lang)
        lines.append(
            f"{_column(one.list, 24)}{_version(one.version, lang)} · {against} · sha256 {one.version.sha256[:12]}…"
        )
    lines += [f"{word('note', lang)}: {visible(note)}" for note in notes]
    lines += [f"{word('accepted', lang)}: {visible(told)}" for told in accepted]
    return "".join(f"{line}\n" for line in lines)


def states(found: Sequence[Status], lang: str) -> str:
    """How the lists stand, a line each, then what to do."""
    lines = []
    for one in found:
        told = f"{_column(one.list, 24)}{_column(word(one.state, lang), 9)}"
        if one.newest is not None:
            told += f"{_version(one.newest, lang)} · {word('age', lang, one.age, one.limit)}"
            told += f" · {word('versions', lang, one.versions)}"
        else:
            told += visible(one.title[lang])
        lines.append(told.rstrip())
        if one.accepted:
            lines.append(f"{'':24}{word('accepted because', lang, visible(one.accepted))}")
        if one.state == "stale":
            lines.append(f"{'':24}{word('why stale', lang, one.limit, visible(one.because))}")
    wrong = sum(one.state in ("missing", "stale") for one in found)
    if wrong:
        lines.append(word("not screened", lang, wrong))
    return "".join(f"{line}\n" for line in lines)


def diff(one: Diff, lang: str, names: dict[str, str]) -> str:
    """What changed between two versions; ``names`` gives the name of each entry."""
    lines = [one.list]
    for mark, version in (("−", one.before), ("+", one.version)):
        if version is not None:
            lines.append(f"  {mark} {_version(version, lang)}")
    for key, ids in (("added", one.added), ("removed", one.removed)):
        lines.append(f"{_column(word(key, lang), 10)}{number(len(ids))}")
        lines += [f"  {visible(entry)}  {visible(names.get(entry, ''))}" for entry in ids[:SHOWN]]
        lines += [f"  {word('more', lang, number(len(ids) - SHOWN))}"] if len(ids) > SHOWN else []
    lines.append(f"{_column(word('changed', lang), 10)}{number(len(one.changed))}")
    lines += [
        f"  {visible(change.id)}  {visible(names.get(change.id, ''))}: {', '.join(change.fields)}"
        for change in one.changed[:SHOWN]
    ]
    lines += [f"  {word('more', lang, number(len(one.changed) - SHOWN))}"] if len(one.changed) > SHOWN else []
    return "".join(f"{line}\n" for line in lines)


def party(one: Party, history: Sequence[tuple[ListVersion, Party]], title: str, means: str, lang: str) -> str:
    """One entry, every field that it has."""
    listing = one.listing
    names = [f"{name.text}{_about(name.kind, name.quality, name.language)}" for name in one.names]
    numbers = [
        f"{item.kind} {item.value}{f' ({item.country})' if item.country else ''}"
        + (f" [{item.note}]" if item.note else "")
        + (f" ! {word('wrong digit', lang)}" if item.valid == "no" else "")
        for item in one.identifiers
    ]
    rows: list[tuple[str, Sequence[str]]] = [
        ("name", names[:1]),
        ("also", names[1:]),
        ("kind", [word(one.kind, lang)] if one.kind else []),
        ("countries", [" ".join(one.countries)]),
        ("born", [" ".join(one.born), *one.born_as_listed]),
        ("birth places", one.birth_places),
        ("gender", [one.gender]),
        ("numbers", numbers),
        ("addresses", [item.text for item in one.addresses]),
        ("linked to", one.linked_to),
        ("list", [f"{listing.list} · {title}"]),
        ("authority", [listing.authority]),
        ("programmes", ["; ".join(listing.programmes)]),
        ("requirement", [listing.requirement]),
        ("policy", [listing.policy]),
        ("citation", [listing.citation, listing.url]),
        ("since", [listing.since or word("not said", lang)]),
        ("until", [listing.until]),
        ("remarks", [listing.remarks]),
        ("means", [means]),
        ("seen in", [_version(version, lang) for version, _ in history]),
    ]
    lines = [visible(one.id)]
    for key, values in rows:
        shown = [visible(value) for value in values if value]
        lines += [f"  {_column(word(key, lang) if not place else '', 14)}{value}" for place, value in enumerate(shown)]
    return "".join(f"{line}\n" for line in lines)


def _about(*words: str) -> str:
    told = ", ".join(one for one in words if one and one not in ("primary", "alias"))
    return f" ({told})" if told else ""


def plain_diff(one: Diff) -> dict[str, Any]:
    """A diff as JSON data."""
    return {
        "list": one.list,
        "version": msgspec.to_builtins(one.version),
        "before": msgspec.to_builtins(one.before),
        "added": list(one.added),
        "removed": list(one.removed),
        "changed": [{"id": change.id, "fields": list(change.fields)} for change in one.changed],
    }
