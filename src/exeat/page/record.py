"""The record in words: lists of cases, a case, a re-run with its difference, clocks. English and 中文."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from exeat.page.text import BOLD, DIM, TONES, Page
from exeat.page.words import LANGUAGES, day, verdict
from exeat.page.wrap import width

if TYPE_CHECKING:
    from exeat.record.entry import Checked, Entry
    from exeat.record.ledger import Case, Summary
    from exeat.record.rerun import Difference, Impact, Moved, Rerun
    from exeat.record.retention import Clock

SAID: dict[str, tuple[str, str]] = {
    "none": ("No decision is recorded that fits.", "没有符合条件的决定记录。"),
    "entry": ("entry {0} · recorded {1} by {2}", "第{0}条 · {2}于{1}记录"),
    "act on": ("act on {0}", "行为日 {0}"),
    "open": ("open", "未决"),
    "held": ("legal hold", "法律保全"),
    "disposed": ("disposed of", "已处置"),
    "person": ("a person concluded {0}", "人工结论：{0}"),
    "machine": ("MACHINE", "系统答案"),
    "PERSON": ("PERSON", "人工结论"),
    "concluded": ("{0} · {1}, {2} (entry {3})", "{0} · {1}，{2}（第{3}条）"),
    "none concluded": ("nobody concluded otherwise", "无人作出不同结论"),
    "SINCE": ("SINCE", "其后"),
    "KEEP": ("KEEP", "保存"),
    "until": ("until {0}: {1}, {2} years from {3}", "至{0}：{1}，自{3}起{2}年"),
    "SOURCES DISAGREE": ("not settled: {0}", "尚有疑义：{0}"),
    "may go": ("may be disposed of since {0}", "自{0}起可处置"),
    "kept by": ("must be kept: {0}", "必须保存：{0}"),
    "by.hold": ("legal hold", "法律保全"),
    "by.request": ("an authority asked for it", "主管机关要求提供"),
    "by.period": ("its period runs until {0}", "保存期至{0}"),
    "by.no rule": ("no rule says for how long", "没有规则说明期限"),
    "by.unknown rule": ("a regime it touches has no rule that exeat knows", "所涉制度的保存规则exeat尚不知晓"),
    "by.disposed": ("disposed of", "已处置"),
    "unknown": ("no rule of retention is encoded for {0}", "未编入保存规则：{0}"),
    "same own": ("the same answer, to the letter", "答案逐字相同"),
    "same today": ("the same answer today", "今日答案相同"),
    "differs": ("THE ANSWER DIFFERS", "答案不同"),
    "not run": ("COULD NOT BE ASKED", "无法重新询问"),
    "own": ("under its own law", "按当时的法律"),
    "today": ("under today's law", "按今日的法律"),
    "LAW": ("LAW", "法律"),
    "ANSWER": ("ANSWER", "答案"),
    "REGIMES": ("REGIMES", "制度"),
    "NEW RULES": ("NEW RULES", "新出现的规则"),
    "GONE RULES": ("GONE RULES", "不再出现的规则"),
    "RULES": ("RULES", "规则变化"),
    "FACTS": ("FACTS", "事实含义"),
    "facts unknown": (
        "its own edition is not at hand, so nobody can tell whether the meaning of its facts moved",
        "当时的版本不在手边，无法判断事实含义是否变化",
    ),
    "not screened": ("without a name, so not screened again: {0}", "无名称，未重新筛查：{0}"),
    "HITS": ("HITS", "命中"),
    "listed": ("{0} of them have a party with other hits than then", "其中{0}项有当事方的命中与当时不同"),
    "unscreened": (
        "{0} of them have a party without a name, which could not be screened again",
        "其中{0}项有当事方无名称，无法重新筛查",
    ),
    "asked": (
        "{0} decisions asked again: {1} differ, {2} could not be asked",
        "重新询问{0}项决定：{1}项不同，{2}项无法询问",
    ),
    "ahead": ("the act is still ahead", "行为尚未发生"),
    "past": ("the act is past: what was right then stays so", "行为已过：当时正确者仍属正确"),
    "whole": ("{0} entries, the chain holds; the last is {1}:{2}", "共{0}条，链条完整；末条为{1}:{2}"),
    "broken": ("{0} faults in {1} entries", "{1}条中有{0}处错误"),
    "fault": ("entry {0} {1}", "第{0}条：{1}"),
    "no anchor": (
        "without an anchor (--anchor) nobody can tell whether entries were cut off the end",
        "未给出锚点（--anchor），无法判断末尾是否被截去",
    ),
    "nothing due": ("Nothing may be disposed of today ({0} decisions).", "今日无可处置者（共{0}项决定）。"),
}  # fmt: skip


def said(key: str, lang: str, *parts: object) -> str:
    """The words ``key`` in a language."""
    found = SAID[key][LANGUAGES.index(lang)]
    return found.format(*parts) if parts else found


class RecordPage:
    """Pages of the record, as they are laid out."""

    def __init__(self, lang: str, columns: int = 80, colour: bool = False) -> None:
        self.lang, self.page = lang, Page(lang, columns, colour, str)

    def text(self) -> str:
        return self.page.text()

    def said(self, key: str, *parts: object) -> str:
        return said(key, self.lang, *parts)

    def summaries(self, found: Iterable[Summary]) -> None:
        """One case after the other."""
        some = False
        for one in found:
            some = True
            self.head(one)
        if not some:
            self.page.flow(self.said("none"))

    def head(self, one: Summary) -> None:
        """A case in two lines."""
        answer = verdict(one.machine, self.lang) if one.machine else ""
        if one.floor != one.ceiling:
            answer += f" ({verdict(one.floor, self.lang)} – {verdict(one.ceiling, self.lang)})"
        states = [self.said("person", verdict(one.concluded, self.lang))] if one.concluded else []
        states += [self.said(key) for key in ("open", "held", "disposed") if getattr(one, key)]
        parts = [str(one.n), one.id, answer, *states]
        self.page.flow(" · ".join(part for part in parts if part), hang=4, style=TONES.get(one.machine, ""))
        when = [self.said("act on", day(one.on, self.lang))] if one.on else []
        self.page.flow(" · ".join([part for part in (one.title, *when) if part]), indent=4)
        self.page.flow(self.said("entry", one.n, _time(one.at), one.by), indent=4, style=DIM)

    def case(self, case: Case, clock: Clock) -> None:
        """What stands beside the machine's answer: people's conclusions, what came since, how long it is kept."""
        self.head(case.summary)
        gutter = max(width(self.said(key)) for key in ("machine", "PERSON", "SINCE", "KEEP")) + 2
        if case.summary.machine:
            machine = verdict(case.summary.machine, self.lang)
            self.page.labelled(self.said("machine"), machine, gutter, case.summary.machine)
        for one in case.conclusions:
            words = self.said("concluded", verdict(one.verdict, self.lang), one.by, _time(one.at), one.n)
            self.page.labelled(self.said("PERSON"), words, gutter, one.verdict)
            self.page.flow(one.reason, indent=gutter)
        if not case.conclusions:
            self.page.labelled(self.said("PERSON"), self.said("none concluded"), gutter)
        for place, entry in enumerate(case.later):
            self.page.labelled(self.said("SINCE") if place == 0 else "", entry_line(entry), gutter)
        self._clock(clock, gutter)
        self.page.blank()

    def _clock(self, clock: Clock, gutter: int) -> None:
        label = self.said("KEEP")
        for one in sorted(clock.running, key=lambda one: one.until, reverse=True):
            text = self.said(
                "until", day(one.until, self.lang), one.title[self.lang], one.years, day(one.begins, self.lang)
            )
            self.page.labelled(label, f"{text} · {one.cite}", gutter)
            label = ""
            if one.conflict:
                self.page.flow(self.said("SOURCES DISAGREE", one.conflict[self.lang]), indent=gutter)
        if clock.unknown:
            self.page.labelled(label, self.said("unknown", ", ".join(clock.unknown)), gutter)
            label = ""
        self.page.labelled(label, self._kept(clock), gutter)

    def _kept(self, clock: Clock) -> str:
        until = day(clock.until, self.lang) if clock.until else ""
        if clock.due:
            return self.said("may go", until)
        return self.said("kept by", "; ".join(self.said(f"by.{one}", until) for one in clock.kept_by))

    def clocks(self, found: Sequence[tuple[Summary, Clock]], total: int) -> None:
        """What may be disposed of."""
        for summary, clock in found:
            self.head(summary)
            self.page.flow(self._kept(clock), indent=4)
        if not found:
            self.page.flow(self.said("nothing due", total))

    def rerun(self, one: Rerun) -> None:
        """A decision asked again."""
        if one.same is None:
            self.page.flow(f"{self.said('not run')} · {self.said(one.law)} · {one.says}", style=BOLD)
            return
        same = self.said(f"same {one.law}") if one.same else self.said("differs")
        self.page.flow(f"{same} · {self.said(one.law)}", style=BOLD)
        if one.says:
            self.page.flow(one.says, indent=2)
        if one.not_screened:
            self.page.flow(self.said("not screened", ", ".join(one.not_screened)), indent=2)
        if one.difference:
            self._difference(one.difference, one.hits)

    def _difference(self, found: Difference, hits: Sequence[Moved] = ()) -> None:
        gutter = (
            max(width(self.said(key)) for key in ("LAW", "ANSWER", "REGIMES", "NEW RULES", "GONE RULES", "FACTS")) + 2
        )
        for key, moved in (("LAW", found.law), ("ANSWER", found.headline), ("REGIMES", found.regimes)):
            self._moved(key, moved, gutter)
        for key, rules in (("NEW RULES", found.appeared), ("GONE RULES", found.left)):
            if rules:
                self.page.labelled(self.said(key), ", ".join(rules), gutter)
        self._moved("HITS", hits, gutter)
        self._moved("RULES", found.changed, gutter)
        if found.facts is None:
            self.page.labelled(self.said("FACTS"), self.said("facts unknown"), gutter)
        else:
            self._moved("FACTS", found.facts, gutter)

    def _moved(self, key: str, moved: Sequence[Moved], gutter: int) -> None:
        for place, one in enumerate(moved):
            text = f"{one.id} {one.what}: {one.before or '–'} → {one.after or '–'}".strip()
            self.page.labelled(self.said(key) if place == 0 else "", text, gutter, hang=2)

    def impact(self, one: Impact) -> None:
        """A decision that came out differently."""
        self.page.flow(f"{one.n} · {one.id} · {one.title}", style=BOLD, hang=4)
        self.page.flow(self.said("ahead" if one.ahead else "past"), indent=4)
        if one.concluded:
            self.page.flow(self.said("person", verdict(one.concluded, self.lang)), indent=4)
        self.rerun(one.rerun)
        self.page.blank()

    def impacts(self, total: int, differ: int, failed: int) -> None:
        """How many."""
        self.page.flow(self.said("asked", total, differ, failed))

    def screened_again(self, listed: int, unscreened: int) -> None:
        """What screening again came to."""
        self.page.flow(self.said("listed", listed))
        if unscreened:
            self.page.flow(self.said("unscreened", unscreened))

    def checked(self, found: Checked, anchored: bool) -> None:
        """What a check of the chain found."""
        for one in found.faults:
            self.page.flow(self.said("fault", one.n, one.problem))
        if found.faults:
            self.page.flow(self.said("broken", len(found.faults), found.entries), style=BOLD)
        else:
            self.page.flow(self.said("whole", found.entries, found.head.n, found.head.hash))
        if not anchored:
            self.page.flow(self.said("no anchor"), style=DIM)


def entry_line(entry: Entry) -> str:
    """An entry in one line."""
    data = {key: value for key, value in entry.data().items() if key not in ("decision", "machine") and value}
    says = " · ".join(_plain(value) for value in data.values())
    return f"{entry.n} {entry.kind} · {entry.actor}, {_time(entry.at)} · {says}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items() if one)
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value)
    return str(value)


def _time(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"
