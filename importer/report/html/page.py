"""Writes the page: a template, its style and script, all in one file that may load nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from importer.records import Status
from importer.report.files import replacing
from importer.report.html.charts import HEIGHT, WIDTH, latency, state_bar, throughput
from importer.report.html.records import Page
from importer.report.html.rows import ROWS_AT_MOST, cells, json_parts
from importer.report.html.words import headline, lasting, moment, mood, next_steps, took
from importer.report.masking import masked_text

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PLAIN_ROWS = 50  # as plain HTML, for whoever runs no scripts; with scripts, the first page of the table
CAUSES_SHOWN = 100
PARTS_OF_A_CHART = 4  # of the time; fewer draw nothing that a sentence does not say
PARTS_A_WRITE = 2_000  # pieces of the template, mostly a row each
_TICKED = re.compile(r"`([^`]+)`")


def write_page(path: Path, page: Page) -> None:
    """Write the file, row by row. Raises ReportLost where the disk refuses."""
    rows = (cells(result, problems, page.codes, page.identifying) for result, problems in page.rows)
    plain = list(islice(rows, PLAIN_ROWS))
    told = islice(chain(plain, rows), ROWS_AT_MOST)
    stream = environment().get_template("report.html.j2").stream(**facts(page), plain=plain, table=json_parts(told))
    stream.enable_buffering(PARTS_A_WRITE)
    with replacing(path, errors="backslashreplace") as file:  # half a character cannot be UTF-8
        file.writelines(stream)


def facts(page: Page) -> dict[str, object]:
    """What the template names, save the rows."""
    summary = page.summary
    drawn = page.moments if page.moments and len(page.moments.parts) >= PARTS_OF_A_CHART else None
    return {
        "page": page,
        "summary": summary,
        "headline": headline(page),
        "mood": mood(page),
        "steps": next_steps(page),
        "stopped": masked_text(summary.stopped),
        "bar": state_bar(summary.counts),
        "statuses": list(Status),
        "requests": throughput(drawn, summary.rate_found) if drawn else None,
        "latency": latency(drawn) if drawn else None,
        "causes": page.causes[:CAUSES_SHOWN],
        "rows_at_most": ROWS_AT_MOST,
        "took": took(summary.started_at, summary.ended_at),
        "width": WIDTH,
        "height": HEIGHT,
        "style": text_of("report.css"),
        "script": text_of("report.js"),
        "policy": policy(),
    }


@cache
def policy() -> str:
    """What the page may do: nothing but apply its own style and run its own script, known by their digests."""
    return (
        f"default-src 'none'; style-src {digest(text_of('report.css'))}; script-src {digest(text_of('report.js'))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """An element's content as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def text_of(name: str) -> str:
    """A file of this package."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Jinja's, in which everything is escaped that does not say otherwise."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - for those who write a page

    made = Environment(
        loader=PackageLoader("importer.report", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": moment,
        "number": "{:,}".format,
        "share": share,
        "rate": rate,
        "lasting": lasting,
        "ticks": ticks,
    }
    return made


def ticks(text: str) -> Markup:
    """Our own sentences put code between backticks; whatever they quote is escaped first."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with Jinja

    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in this very line


def share(part: float) -> str:
    """A share in per cent; never 0 or 100 where it is not."""
    text = f"{100 * part:.1f}"
    text = "<0.1" if text == "0.0" and part > 0 else ">99.9" if text == "100.0" and part < 1 else text
    return f"{text.removesuffix('.0')} %"


def rate(value: float) -> str:
    """A number beside an axis."""
    return f"{value:,.10g}" if value < 1_000 else f"{value:,.0f}"  # noqa: PLR2004 - thousands need no fraction
