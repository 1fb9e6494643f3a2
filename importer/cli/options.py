"""Options that several commands share, each with its environment twin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Sheets = Annotated[
    list[str],
    typer.Argument(metavar="SHEET...", help="CSV files or workbooks; - reads standard input.", show_default=False),
]
Sheet = Annotated[str, typer.Argument(metavar="SHEET", help="A CSV file or a workbook.", show_default=False)]
MappingFile = Annotated[
    Path,
    typer.Option(
        "--mapping",
        "-m",
        metavar="FILE",
        help="The mapping file.",
        envvar="IMPORTER_MAPPING",
        show_default=False,
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="TARGET",
        help="Target system: a name from importer.toml, a URL, or `emulator`.",
        envvar="IMPORTER_TO",
        show_default=False,
    ),
]
Runs = Annotated[Path, typer.Option("--runs", metavar="DIR", help="Where run folders lie.", envvar="IMPORTER_RUNS")]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=1,
        help="Only the first N rows that would be sent.",
        envvar="IMPORTER_LIMIT",
    ),
]
OnlyRows = Annotated[
    str | None,
    typer.Option(
        "--only-rows",
        metavar="ROWS",
        help="Only these row numbers, e.g. 5-80,91.",
        envvar="IMPORTER_ONLY_ROWS",
    ),
]
Rate = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="RATE",
        help="20/s, 100/min or 5000/h; left out: self-tuning.",
        envvar="IMPORTER_RATE",
    ),
]
Concurrency = Annotated[
    int | None,
    typer.Option(
        "--concurrency", metavar="N", min=1, help="Requests in flight at most.", envvar="IMPORTER_CONCURRENCY"
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", min=0.1, help="For one request.", envvar="IMPORTER_TIMEOUT"),
]
Canary = Annotated[
    int | None,
    typer.Option(
        "--canary",
        metavar="N",
        min=0,
        help="Send N rows ahead, spread over the file, then ask; with --yes, go on where 80 % of them were accepted. "
        "By default 10 on a mapping's first run against a target system, else none.",
        envvar="IMPORTER_CANARY",
        show_default=False,
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="GUARD[=VALUE]", help="Accept what this guard forbids, e.g. max_invalid=30%."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before sending.")]
Unknown = Annotated[
    bool,
    typer.Option(
        "--unknown", help="Also send rows that add and were perhaps applied before: they may be credited twice."
    ),
]
OlderToo = Annotated[
    bool,
    typer.Option("--older-too", help="Also send rows that a later accepted row of the same customer has overtaken."),
]
Full = Annotated[
    bool,
    typer.Option("--full", help="Also send rows whose content was accepted before.", envvar="IMPORTER_FULL"),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.", envvar="IMPORTER_JSON")]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="KIND", help="Kind of file where its name does not tell, e.g. csv.", envvar="IMPORTER_FORMAT",
        show_default=False,
    ),
]  # fmt: skip
MaxBytes = Annotated[
    int | None,
    typer.Option(
        "--max-bytes",
        metavar="N",
        min=1,
        help="Unpack at most so many bytes.",
        envvar="IMPORTER_MAX_BYTES",
        show_default=False,
    ),
]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress.", envvar="IMPORTER_NO_PROGRESS")]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="Say nothing where every row ended well, as cron likes it.", envvar="IMPORTER_QUIET"
    ),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Tell each row that did not end well as it falls.", envvar="IMPORTER_VERBOSE"),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file", metavar="FILE", help="Append what happens as JSON lines, values masked; with -v, each row.",
        envvar="IMPORTER_LOG_FILE", show_default=False,
    ),
]  # fmt: skip
RejectOnly = Annotated[
    str | None,
    typer.Option(
        "--reject-only",
        metavar="STATUS,...",
        help="Only rows of these states come back as rejects, e.g. invalid,rejected; left out: all that did not end well.",
        envvar="IMPORTER_REJECT_ONLY",
        show_default=False,
    ),
]
