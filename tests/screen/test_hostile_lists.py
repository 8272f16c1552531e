"""Files that are no lists, or no longer: refused with file, place and a way to mend it; the store stays as it was."""

# ruff: noqa: E501

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from exeat.errors import InputError, InputErrors
from exeat.screen.lists import Terms, bring
from exeat.screen.readers import Source, read, source
from exeat.screen.store import Store
from tests.screen import samples
from tests.screen.conftest import party

TODAY = "2026-11-22"
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>\n<CONSOLIDATED_LIST dateGenerated='2026-02-27'><INDIVIDUAL><FIRST_NAME>&j;</FIRST_NAME>"
    "<REFERENCE_NUMBER>X</REFERENCE_NUMBER></INDIVIDUAL></CONSOLIDATED_LIST>"
)
PADDED = samples.UN_XML.replace(
    "<CONSOLIDATED_LIST", f"<!--{'x' * 60_000}-->\n<!DOCTYPE CONSOLIDATED_LIST>\n<CONSOLIDATED_LIST", 1
)
OUTSIDE = samples.UN_XML.replace(
    "<CONSOLIDATED_LIST", '<!DOCTYPE CONSOLIDATED_LIST SYSTEM "file:///etc/passwd">\n<CONSOLIDATED_LIST', 1
)
CASES = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n", "the file is empty"),
    "html": (b"<!DOCTYPE html>\n<html><body>Please log in</body></html>", "a web page instead of a list"),
    "html with xml head": (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>\n<html></html>", "a web page"),
    "zip": (b"PK\x03\x04....", "a ZIP archive"),
    "pdf": (b"%PDF-1.7 ....", "a PDF"),
    "gzip": (b"\x1f\x8b\x08....", "a gzip archive"),
    "utf-16": (samples.UN_XML.encode("utf-16"), "UTF-16"),
    "other xml": (b"<rss><channel/></rss>", "not a list format"),
    "other text": (b"Dear sirs, the list is attached.", "not a list format"),
    "entity bomb": (BOMB.encode(), "document type"),
    "hidden dtd": (PADDED.encode(), "document type"),
    "outside dtd": (OUTSIDE.encode(), "document type"),
    "xml cut": (samples.UN_XML[: len(samples.UN_XML) * 2 // 3].encode(), "cut short"),
    "xml broken": (samples.UN_XML.replace("</SECOND_NAME>", "</SECOND>").encode(), "not well-formed"),
    "xml wrong encoding": (samples.EU_WHOLE.encode("utf-8").replace("Семпл".encode(), b"\xff\xfe\xff"), "not well-formed"),
    "json cut": (samples.CSL_JSON[:-200].encode(), "cut short"),
    "json of another form": (json.dumps({"results": [{"source": 1}], "alt_names": 0}).encode(), "not of the form"),
    "json deep": (b'{"source": 0, "alt_names": 0, "results": ' + b"[" * 100_000, "not of the form|not JSON"),
    "csv cut in a quote": (samples.SDN_CSV[:200].encode(), "a quote stays open"),
    "csv cut in a row": (samples.CSL_CSV[: samples.CSL_CSV.index("Sample Trade")].encode(), "another length"),
    "csv latin-1": (samples.CSL_CSV.replace("Sample Trade", "S\xe1mple").encode("latin-1"), "not utf-8"),
    "csv with another column": (samples.DPL_TXT.replace("FR_Citation", "Citation").encode(), "not the columns"),
    "csv with nul later": (samples.UK_CSV.encode() + b"\n" * 70_000 + b"a\x00b,c\n", "another length|NUL"),
    "no header": (samples.EU_ANNEX.replace("celex,recordId", "celex,recordId,extra").encode(), "not the columns"),
    "twice": (samples.UN_XML.replace("XXe.001", "XXi.001").encode(), "the entry stands twice"),
    "ofac twice": ((samples.SDN_CSV[:-1] + samples.SDN_CSV).encode(), "the entry stands twice"),
    "no name": (samples.UN_XML.replace("AN ENTITY", "").replace("OLD ENTITY", "").encode(), "has no name"),
    "no number": (samples.UN_XML.replace("<REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>", "").encode(), "has no number"),
    "wrong count": (samples.SDN_XML.replace("<Record_Count>2<", "<Record_Count>19082<").encode(), "says that it has 19082"),
    "consolidated, not sdn": (samples.SDN_XML.replace("INVENTED-EO1", "NS-PLC").encode(), "does not say which list"),
    "consolidated csv": (samples.SDN_CSV.replace('"INVENTED-EO1",', '"CMIC-EO13959",').encode(), "does not say which list"),
    "another publication": (samples.ENHANCED_XML.replace("Consolidated List", "Some List").encode(), "not a publication"),
    "no entries": (b"<CONSOLIDATED_LIST dateGenerated='2026-02-27'></CONSOLIDATED_LIST>", "has no entry"),
    "ftm cut": (samples.FTM[:-40].encode(), "cut short"),
    "yaml alias": (samples.TIDY_YAML.replace("[US]", "&x [US]").encode(), "line|anchor|alias"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_refused_with_its_place(case, write, store):
    content, told = CASES[case]
    path = write(content)
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    before = (store.state(), [one for _, one in store.all_parties()])
    only = "us.1260h" if case == "ftm cut" else ""
    with pytest.raises((InputError, InputErrors), match=told) as found:
        bring(store, [path], TODAY, Terms(only=only, as_of="2026-02-27"))
    assert str(path) in str(found.value)  # whoever reads it knows the file
    assert (store.state(), [one for _, one in store.all_parties()]) == before


def test_lines_are_named(write):
    for content, line in (
        (samples.UN_XML.replace("</SECOND_NAME>", "</SECOND>"), 4),
        (samples.CSL_CSV + "short,row\n", 4),
        (samples.UN_XML.replace("XXe.001", "XXi.001"), 17),
    ):
        with pytest.raises((InputError, InputErrors)) as found:
            read([Source(write(content))])
        error = found.value.errors[0] if isinstance(found.value, InputErrors) else found.value
        assert error.line == line


def test_all_faults_up_to_twenty_are_told(write):
    rows = samples.UN_XML[samples.UN_XML.index("<ENTITY>") : samples.UN_XML.index("</ENTITIES>")]
    content = samples.UN_XML.replace("</ENTITIES>", rows * 30 + "</ENTITIES>")
    with pytest.raises(InputErrors) as found:
        read([Source(write(content))])
    assert len(found.value.errors) == 20


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.xml"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)  # 1 GiB, sparse
    tracemalloc.start()
    with pytest.raises(InputError, match="too large for a list") as found:
        Source(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "512 MiB" in str(found.value)
    assert peak < 1_000_000


def test_json_has_a_limit_of_its_own(write, monkeypatch):
    monkeypatch.setattr(source, "MAX_JSON", 100)
    with pytest.raises(InputError, match="too large for JSON"):
        read([Source(write(samples.CSL_JSON))])


def test_much_that_is_no_record_ends_the_reading(write):
    content = samples.UN_XML.replace("<INDIVIDUALS>", "<INDIVIDUALS>" + "<x/>" * 400_000, 1)
    with pytest.raises(InputError, match="too much that is no record"):
        read([Source(write(content))])


# What a fresh interpreter runs: the peak of its own memory (VmHWM) while a file is read, above what it held before. The peak is
# set back first, for what Python needed to start and to import is not the reader's. (ru_maxrss would not do: after a fork it
# begins with the parent's.) With `hold` the file's bytes are kept in memory too: the measure must see them.
MEASURE = """
import sys
from pathlib import Path
from exeat.screen.readers import Source, read

def status(key):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))

Path("/proc/self/clear_refs").write_text("5")
before = status("VmHWM")
held = Path(sys.argv[1]).read_bytes() if sys.argv[2:] == ["hold"] else b""
found = read([Source(Path(sys.argv[1]))])[1]
print(len(found.lists["un.sc"]), (status("VmHWM") - before) // 1024)
"""


def peak_of_reading(path: Path, *words: str) -> tuple[int, int]:
    """How many parties a fresh interpreter reads, and by how many MiB its memory grows at the most."""
    command = [sys.executable, "-c", MEASURE, str(path), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    parties, mebibytes = map(int, done.stdout.split())
    return parties, mebibytes


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak can be set back on Linux only")
def test_memory_does_not_grow_with_the_tree(tmp_path):
    """60 MB of UN entries are read in less memory than the file, all parties kept; and the measure can fail."""
    entity = samples.UN_XML[samples.UN_XML.index("<ENTITY>") : samples.UN_XML.index("</ENTITIES>")]
    padding = f"<SORT_KEY>{'x' * 7500}</SORT_KEY>"
    path = tmp_path / "large.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<CONSOLIDATED_LIST dateGenerated='2026-02-27'><ENTITIES>")
        for number in range(8_000):
            stream.write(entity.replace("XXe.001", f"XXe.{number}").replace("</ENTITY>", f"{padding}</ENTITY>"))
        stream.write("</ENTITIES></CONSOLIDATED_LIST>")
    size = path.stat().st_size >> 20
    parties, mebibytes = peak_of_reading(path)
    assert parties == 8_000
    assert 0 < mebibytes < size
    _, more = peak_of_reading(path, "hold")
    assert more >= mebibytes + size * 0.9


def test_devices_and_folders_are_no_lists(tmp_path):
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError, match=r"not a file|no such file"):
            Source(path)


def test_files_of_two_formats_are_not_one_list(write):
    with pytest.raises(InputError, match="another format"):
        read([Source(write(samples.UN_XML, "a")), Source(write(samples.SDN_CSV, "b"))])


def test_a_fault_in_the_second_file_keeps_the_first_out(write, store):
    with pytest.raises((InputError, InputErrors)):
        bring(store, [write(samples.UK_XML, "good"), write(samples.UN_XML[:900], "bad")], TODAY)
    assert store.versions() == []


def test_one_list_twice_in_one_import(write, store):
    other = samples.UN_XML.replace("FIRSTA", "FIRSTB")
    with pytest.raises(InputError, match="two files hold this list"):
        bring(store, [write(samples.UN_XML, "a"), write(other, "b")], TODAY, Terms(accept="a small list"))
    assert store.versions() == []


def test_a_list_in_another_format_than_it_comes_in(write):
    with pytest.raises(InputError, match="does not come in this format"):
        read([Source(write(samples.UN_XML))], "us.dpl")


def test_control_and_direction_characters_do_not_come_through(reads):
    content = samples.COMPILED_JSON.replace("Sample Corporation", "Sam\u202eple\u200b Corp")
    (found,) = reads(content).lists["cn.attention"]
    assert found.names[0].text == "Sample Corp"


def test_the_store_refuses_foreign_files(tmp_path):
    path = tmp_path / "lists.db"
    path.write_bytes(b"no database at all, only text that is long enough to look like something" * 20)
    with pytest.raises(InputError, match="cannot be read"):
        Store(path).versions()
