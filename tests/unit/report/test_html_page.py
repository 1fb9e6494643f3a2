"""`report.html` as text: what it says, what it hides, what it may do. tests/browser opens it."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import ReportLost
from importer.problems import Problem
from importer.records import Notice, RowId, Status
from importer.report.html import CauseLine, CodeLine, LaneLine, Moment, Moments, Page, SheetLine, TargetLine, write_page
from importer.report.html import page as page_module
from importer.report.html.rows import cells, embedded, json_parts

MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;{{7*7}}"


@pytest.fixture
def page(summary, codes):
    """Makes a page of a run with these counts."""

    def make(counts=None, rows=(), **more):
        counts = {Status.UPDATED: 3} if counts is None else counts
        told = {name: more.pop(name) for name in list(more) if name not in Page.__slots__}
        bad = sum(count for status, count in counts.items() if status.well is False)
        sheets = [SheetLine("customers.csv", "customers.csv", "d" * 64, 3)]
        return Page(
            **{"summary": summary(counts, **told), "unwell": bad, "codes": codes, "rows": rows, "sheets": sheets} | more
        )

    return make


@pytest.fixture
def written(tmp_path, page):
    """Writes a page and answers with its text."""

    def write(*arguments, **more):
        write_page(tmp_path / "report.html", page(*arguments, **more))
        return (tmp_path / "report.html").read_text("utf-8")

    return write


class Words(HTMLParser):
    """The words that a person reads, and the elements that hold them."""

    def __init__(self):
        super().__init__()
        self.words, self.elements, self._mute = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._mute += tag in {"style", "script"}

    def handle_endtag(self, tag):
        self._mute -= tag in {"style", "script"}

    def handle_data(self, data):
        if not self._mute:
            self.words.append(data)


def read(text):
    parser = Words()
    parser.feed(text)
    return re.sub(r"\s+", " ", " ".join(parser.words)), parser.elements


def table(text):
    """The rows that the page's script shows, by column."""
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data = json.loads(found)
    word = lambda cell: data["words"][cell] if isinstance(cell, int) else cell  # noqa: E731 - short
    return [
        {
            name: cell if name in {"row", "line"} else [word(one) for one in cell] if isinstance(cell, list) else word(cell)
            for name, cell in zip(data["columns"], row, strict=True)
        }
        for row in data["rows"]
    ]  # fmt: skip


HEADLINES = [
    # (counts, what else is known, the headline, the badge)
    ({Status.UPDATED: 3}, {}, "All 3 rows ended well.", "All well"),
    ({}, {}, "No rows were read: the sheet is empty below its header.", "All well"),
    ({Status.UPDATED: 1_110, Status.INVALID: 1}, {}, "1,110 of 1,111 rows ended well, 1 did not.", "Needs your attention"),
    ({Status.UPDATED: 2, Status.NOT_SENT: 1}, {}, "Stopped early: 1 of 3 rows still wait.", "Stopped early"),
    ({Status.NOT_SENT: 2, Status.REJECTED: 1}, {"stopped": "x"}, "Stopped early: 2 of 3 rows still wait, 1 did not end well.",
     "Stopped early"),
    ({Status.PLANNED: 2, Status.INVALID: 1}, {"command": "plan"}, "A plan: 2 of 3 rows would be sent, 1 would not pass.",
     "Plan only: nothing was sent"),
    ({Status.SKIPPED: 3, Status.UPDATED: 1}, {"command": "retry"},
     "The one retried row ended well; 3 others were not retried.", "All well"),
    ({Status.UPDATED: 2, Status.SUPERSEDED: 1}, {"unwell": 1}, "2 of 3 rows ended well, 1 did not.", "Needs your attention"),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "more", "headline", "badge"), HEADLINES)
def test_the_page_says_in_one_sentence_what_happened(written, counts, more, headline, badge):
    text = written(counts, **more)
    assert f"<h1>{headline}</h1>" in text
    assert badge in read(text)[0]


STEPS = [
    # (counts, what else is known, words that must stand there)
    ({Status.UPDATED: 3}, {}, ["Nothing is left to do."]),
    ({Status.UPDATED: 3}, {"rehearsal": True}, ["This was a rehearsal", "--to TARGET"]),
    ({Status.NOT_SENT: 3}, {"stopped": "12 rows are invalid", "advice": "mend the mapping"},
     ["It stopped because: 12 rows are invalid Mend the mapping.", "importer resume runs/20260301-120000-small"]),
    ({Status.REJECTED: 2}, {"files": ("runs/a b/rejects.csv",)},
     ["Repair the 2 rows in rejects.csv", "importer run 'runs/a b/rejects.csv' -m mapping.yaml --to 'the embedded emulator'"]),
    ({Status.UNKNOWN: 1}, {}, ["look these customers up"]),
    ({Status.FAILED: 2}, {}, ["2 rows could not be delivered", "importer retry runs/20260301-120000-small"]),
    ({Status.PLANNED: 3}, {"command": "plan"}, ["When you like what you see, send it."]),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "more", "words"), STEPS)
def test_the_page_says_what_to_do_next(written, counts, more, words):
    said, _ = read(written(counts, **more))
    for one in words:
        assert one in said


def test_every_row_stands_in_the_table_with_state_reason_and_advice(written, ended):
    rows = [
        (ended(Status.REJECTED, 5, code="8015", message="Customer not found", http_status=200, attempts=2,
               sent_at="2026-03-01T12:00:01.000+00:00", request_id="r-1"), ()),
        (ended(Status.PARTIAL, 6, code="8057", warnings=(Notice("8057", "Invalid email"),)), ()),
        (ended(Status.INVALID, 7), [Problem(7, "phone-invalid", "Mobile", "12", detail="too short")]),
        (ended(Status.SUPERSEDED, 8, successor=RowId(0, 7)), ()),
    ]  # fmt: skip
    found = table(written({Status.REJECTED: 3}, rows))
    assert [one["row"] for one in found] == [5, 6, 7, 8]
    assert [one["status"] for one in found] == ["rejected", "partial", "invalid", "superseded"]
    assert [one["where"] for one in found] == ["code 8015", "code 8057", "Mobile", ""]
    assert found[0]["advice"] == "Check the number."
    assert found[0]["more"] == "2 attempts, HTTP 200, sent 2026-03-01 12:00:01 UTC, request id r-1"
    assert found[1]["what"] == "Invalid email"
    assert found[2]["what"].startswith("the value is no valid phone number: too short")
    assert found[3]["what"] == "row 7 stood in for it"
    assert [one["keys"] for one in found] == [
        ["rejected 8015"], ["partial 8057"], ["phone-invalid Mobile"], ["superseded "],
    ]  # fmt: skip


def test_30_the_page_masks_customers_data(written, ended):
    """Identifiers, cells that are wrong, and whatever Capillary quotes of them."""
    secret = ["919876543210", "Annapurna", "anna.purna@example.com", "AB00000042"]
    rows = [
        (ended(Status.REJECTED, 2, code="8015", message=f"no customer {secret[0]}, e-mail {secret[2]}"), ()),
        (ended(Status.INVALID, 3, value=secret[3]), [
            Problem(3, "choice-unknown", "Sex", secret[1], detail="known are: M, F"),
            Problem(3, "email-invalid", "Mail", secret[2], detail=f"{secret[2]} is not allowed"),
        ]),
        (ended(Status.PARTIAL, 4, warnings=(Notice("8057", f"'{secret[1]}' was not stored"),)), ()),
    ]  # fmt: skip
    text = written({Status.REJECTED: 3}, rows, stopped=f"Capillary said: {secret[0]} is blocked")
    assert [one for one in secret if one in text] == []
    assert "91…3210" in text
    assert "a…@example.com" in text


def test_31_whatever_comes_from_outside_stays_text(written, ended):
    """Markup, template syntax and formulas in every place that a sheet, a file name or a reply can reach."""
    row = ended(
        Status.REJECTED, 2, code=MARKUP, message=MARKUP, sheet=MARKUP, request_id=MARKUP, attempts=1, sent_at=MARKUP
    )
    invalid = ended(Status.INVALID, 3)
    text = written(
        {Status.REJECTED: 1},
        [(row, ()), (invalid, [Problem(3, "email-invalid", MARKUP, "=1+1", detail=MARKUP)])],
        sheets=[SheetLine(MARKUP, MARKUP, MARKUP, 1), SheetLine("b", "b", "d", 1)],
        causes=[CauseLine(MARKUP, 1, MARKUP, MARKUP, MARKUP, MARKUP, MARKUP, MARKUP, (MARKUP,))],
        said=[CodeLine(MARKUP, "error", 1, MARKUP, MARKUP, MARKUP)],
        lanes=[LaneLine(2, MARKUP, MARKUP)],
        shared=[LaneLine(2, MARKUP, "")],
        targets=[TargetLine(MARKUP, 1, 0, 0)],
        notes=[MARKUP],
        settings=[(MARKUP, MARKUP)],
        versions={MARKUP: MARKUP},
        stopped=MARKUP,
        target=MARKUP,
        run=MARKUP,
        mapping={"name": MARKUP, "path": MARKUP, "digest": MARKUP},
    )
    _, elements = read(text)
    assert [name for name, _ in elements if name == "img"] == []
    assert [attributes for name, attributes in elements if name == "script"] == [
        {"type": "application/json", "id": "data"},
        {},
    ]
    assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
    assert "alert(1)" in html.unescape(text)
    assert "{{7*7}}" in text
    assert table(text)[0]["sheet"] == MARKUP


def test_the_page_may_load_nothing_and_run_only_its_own(written, ended):
    """The policy names the digests of exactly the style and the script that stand in the file."""
    text = written({Status.REJECTED: 1}, [(ended(Status.REJECTED, 2), ())])
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    policy = html.unescape(policy)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for name in ("style", "script"):
        (content,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert f"{name}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert not re.findall(r'(?:src|href)="(?!#|data:,)', text)
    assert "style=" not in text


def test_half_a_character_is_spelled_out(written, ended):
    """A UTF-16 surrogate alone, which no file in UTF-8 can hold."""
    text = written({Status.REJECTED: 1}, [(ended(Status.REJECTED, 2, message="\ud83d?"), ())])
    assert table(text)[0]["what"] == "\\ud83d?"


def test_a_long_table_ends_where_the_page_would_grow_too_large(written, ended, monkeypatch):
    monkeypatch.setattr(page_module, "ROWS_AT_MOST", 60)
    text = written({Status.REJECTED: 70}, ((ended(Status.REJECTED, row), ()) for row in range(2, 72)))
    assert len(table(text)) == 60
    assert "holds the first 60 of 70 rows" in read(text)[0]
    assert text.count('data-label="Row"') == 50, "plain rows for whoever runs no scripts"


def test_a_page_that_cannot_be_written_is_told_and_leaves_the_old_one(tmp_path, page, ended):
    path = tmp_path / "report.html"
    path.write_text("old")

    def broken():
        yield from ((ended(Status.REJECTED, row), ()) for row in range(2, 100))
        raise OSError(28, "No space left on device", str(path))

    with pytest.raises(ReportLost, match="No space left"):
        write_page(path, page({Status.REJECTED: 1}, broken()))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_charts_stand_where_something_was_sent(written):
    moments = Moments(
        "2026-03-01T12:00:00.000+00:00", 10.0, [Moment(20, 4, 12.0, 30.0), *[Moment(0, 0, None, None)] * 3], 25
    )
    text = written(moments=moments, rate_found=3.0)
    assert "Rows sent per second" in text
    assert '<polyline class="slow"' in text
    assert "pace at the end" in text
    assert "25 requests, the first at 01 March 2026, 12:00:00 UTC" in read(text)[0]
    short = written(moments=Moments(moments.start, 10.0, moments.parts[:3], 25))
    assert "25 requests" in short
    assert "<figure>" not in short, "so little needs no picture"
    assert "Over time" not in written()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["</script>", "<!--", "\u2028", "]]>"]
)


@given(st.lists(st.lists(TEXTS, min_size=7, max_size=7), max_size=8))
def test_any_text_comes_back_whole_from_inside_a_script_element(rows):
    """The browser's parser sees no markup in it, and JSON gives every character back."""
    names = ("sheet", "status", "customer", "where", "what", "advice", "more")
    text = "".join(json_parts([dict(zip(names, row, strict=True), row=1, line=1, keys=row[:2]) for row in rows]))
    assert not {"<", ">", "&"} & set(text)
    found = table(f'<script type="application/json" id="data">{text}</script>')
    assert [[one[name] for name in names] for one in found] == rows
    assert [one["keys"] for one in found] == [row[:2] for row in rows]


def test_what_is_embedded_is_json():
    assert json.loads(embedded({"a": ["<b>", 1]})) == {"a": ["<b>", 1]}


def test_an_unknown_code_gets_the_advice_of_its_state(ended, codes):
    assert cells(ended(Status.UNKNOWN, 2, code="timeout"), (), codes)["advice"].startswith("Look the customer up")


def test_of_a_cell_that_identifies_nobody_nothing_is_shown(ended, codes):
    """A name of many letters is no identifier, though it is as long as one."""
    problems = [Problem(2, "choice-unknown", column, "Featherstonehaugh") for column in ("Name", "Code")]
    said = cells(ended(Status.INVALID, 2), problems, codes, {"Code"})["what"]
    assert "Featherstonehaugh" not in said
    assert said.count("Fe…augh") == 1
