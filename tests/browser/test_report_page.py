"""`report.html` in a browser: it works from disk, asks for nothing, and everybody can use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

PAGES = ["run legacy_customers", "run nightly_loyalty", "run backfill_channels", "plan legacy_customers", "run hard"]
HARD = "run hard"


def axe() -> str:
    """axe-core, as its package brings it."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_a_word_or_a_request_and_is_accessible(opened, written, name):
    """`opened` holds console and network against it; axe-core finds nothing serious, in light and in dark."""
    one = opened(written(name))
    assert re.search(r"rows ended well|would be sent", one.page.text_content("h1"))
    one.page.evaluate(axe())
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        found = one.page.evaluate("axe.run(document)")["violations"]
        assert [(scheme, rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []


def test_31_markup_in_cells_and_headers_stays_text(opened, written):
    one = opened(written(HARD))
    assert "taken" not in one.page.title()
    assert one.page.locator("img").count() == 0
    assert one.page.locator("#table b").count() == 0
    assert "Mobile <b>No</b>" in one.column(3)[0]
    one.page.fill("#search", "<b>no</b>")
    expect(one.page.locator("#found")).to_have_text("260 rows")
    assert "taken" not in one.page.title()


def test_30_no_cell_is_shown_whole(opened, written):
    """A code of nine characters, a short number, a name: nothing of them is there."""
    text = written(HARD).read_text("utf-8")
    assert "مريم" not in text
    assert not re.search(r"980\d{3}\b", text)
    assert "onerror" not in text


def test_rows_are_searched_by_every_word(opened, written):
    one = opened(written("run legacy_customers"))
    everything = len(one.rows())
    assert everything == 10
    one.page.fill("#search", "rejected 8015")
    expect(one.page.locator("#table tbody tr")).to_have_count(1)
    assert one.page.text_content("#found") == "1 of 10 rows"
    assert "code 8015" in one.rows()[0]
    one.page.fill("#search", "nothing is like this")
    expect(one.page.locator("#table tbody tr")).to_have_count(0)
    assert one.page.text_content("#found").startswith("No row is like that.")
    one.page.click("#clear")
    expect(one.page.locator("#table tbody tr")).to_have_count(10)


def test_rows_are_filtered_by_state_and_by_cause(opened, written):
    one = opened(written("run legacy_customers"))
    one.page.select_option("#status", "rejected")
    assert set(one.column(1)) == {"rejected"}
    one.page.select_option("#status", "")
    one.page.click("button.show >> nth=0")
    assert one.page.text_content("#found") == "2 of 10 rows"
    assert set(one.column(3)) == {"Customer Code"}
    assert one.page.evaluate("document.activeElement.id") == "search"


def test_a_click_on_a_heading_sorts_and_another_turns_it_round(opened, written):
    one = opened(written(HARD))
    heading = one.page.get_by_role("button", name="Row", exact=True)
    heading.click()
    assert one.column(0)[:3] == ["2", "3", "4"]
    heading.click()
    assert one.column(0)[:3] == ["261", "260", "259"], "as numbers, not as text"
    assert one.page.get_attribute("th[data-column=row]", "aria-sort") == "descending"
    one.page.get_by_role("button", name="Where").click()
    assert one.page.get_attribute("th[data-column=row]", "aria-sort") is None
    assert one.column(3) == sorted(one.column(3))


def test_the_table_is_leafed_through(opened, written):
    one = opened(written(HARD))
    button = {
        name: one.page.get_by_role("button", name=name, exact=True) for name in ("First", "Previous", "Next", "Last")
    }
    assert len(one.rows()) == 50
    assert one.page.text_content("#page") == "Page 1 of 6"
    assert button["Previous"].is_disabled()
    button["Next"].click()
    assert one.column(0)[0] == "52"
    button["Last"].click()
    assert one.column(0)[-1] == "261"
    assert button["Next"].is_disabled()
    one.page.select_option("#size", "500")
    assert len(one.rows()) == 260
    assert one.page.text_content("#page") == "Page 1 of 1"


def test_everything_can_be_done_with_the_keyboard(opened, written):
    """The first stop is a link past the head of the page; searching and sorting need no mouse."""
    one = opened(written(HARD))
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert one.page.locator(".skip").is_visible()
    one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "content"
    one.page.focus("#search")
    one.page.keyboard.type("row 7")
    one.page.keyboard.press("Control+A")
    one.page.keyboard.type("equals nothing")
    one.page.keyboard.press("Enter")
    assert one.page.text_content("#found").startswith("No row is like that.")
    one.page.keyboard.press("Control+A")
    one.page.keyboard.press("Delete")
    expect(one.page.locator("#table tbody tr")).to_have_count(50)
    for _ in range(20):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("document.activeElement.closest('th')?.dataset.column") == "row":
            break
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Enter")
    assert one.column(0)[0] == "261"
    outline = one.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "where the keyboard is can be seen"


@pytest.mark.parametrize("name", ["run legacy_customers", HARD])
@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_cut_off_on_a_narrow_screen(opened, written, name, width):
    one = opened(written(name), viewport={"width": width, "height": 800})
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width


def test_light_and_dark_follow_the_system(opened, written):
    grounds = []
    for scheme in ("light", "dark"):
        one = opened(written(HARD), color_scheme=scheme)
        grounds.append(one.page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(22, 25, 29)"]


def test_it_prints_on_paper(opened, written, tmp_path):
    """Black on white even where the screen is dark, without what can only be clicked, with more rows than a page."""
    one = opened(written(HARD), color_scheme="dark")
    one.page.emulate_media(media="print")
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(one.rows()) == 200
    assert one.page.text_content("#printed") == "The first 200 of 260 rows; results.csv has them all."
    for selector in ("#filters", "#pages", "header nav", "button.show >> nth=0"):
        assert not one.page.locator(selector).is_visible(), selector
    assert (
        one.page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert one.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    one.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(one.rows()) == 50
    assert one.page.pdf(path=str(tmp_path / "page.pdf"), format="A4").startswith(b"%PDF")


def test_without_scripts_the_first_rows_are_there(opened, written):
    one = opened(written(HARD), java_script_enabled=False)
    assert one.page.locator("#table tbody tr").count() == 50
    assert not one.page.locator("#filters").is_visible()
    assert one.page.locator("noscript p").is_visible()


@pytest.mark.long
def test_a_hundred_thousand_rows_stay_quick(opened, tmp_path):
    """From the file to the first rows, and from a word to its rows: below what feels slow, on a busy machine as well."""
    path = tmp_path / "large.html"
    large_page(path, 100_000)
    one = opened(path)
    loaded = one.page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    timed = "action => { const began = performance.now(); %s; return performance.now() - began }"
    searched = one.page.evaluate(timed % "search.value = '99'; filters.requestSubmit()")
    assert one.page.text_content("#found") == f"{sum('99' in str(row) for row in range(2, 100_002)):,} of 100,000 rows"
    sorted_ = one.page.evaluate(timed % "document.querySelector('th[data-column=customer] button').click()")
    assert loaded < 10_000
    assert searched < 3_000
    assert sorted_ < 3_000


def large_page(path: Path, count: int) -> None:
    """A page with so many rejected rows."""
    from importer.records import Outcome, RowId, RowResult, Status
    from importer.report import Summary
    from importer.report.html import Page, write_page

    summary = Summary(
        run="large", command="run", folder="runs/large", importer="0", started_at="", ended_at="", exit_code=1, target="",
        mapping={"name": "m", "path": "m.yaml", "digest": "d"}, sheets=(), rows_read=count, counts={Status.REJECTED: count},
    )  # fmt: skip
    rows = (
        (
            RowResult(
                "a.csv", row, "mobile", f"9{row:011}", Outcome(RowId(0, row), Status.REJECTED, "8015", "not found")
            ),
            (),
        )
        for row in range(2, count + 2)
    )
    write_page(path, Page(summary=summary, unwell=count, codes={}, rows=rows, sheets=()))
