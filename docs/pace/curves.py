"""Draws how the pace finds limits, and writes docs/reference/pace.md with the figures of the same simulations.

python docs/pace/curves.py        some minutes; nothing waits, the time is simulated
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.apis import capillary
from importer.delivery import FixedPace, Pace, TunedPace
from importer.delivery.simulated import Fixed, Limit, Seen, Sliding, refused, simulate, used

HERE = Path(__file__).parent
PAGE = HERE.parent / "reference" / "pace.md"
KINDS = {"fixed": Fixed, "sliding": Sliding}
LIMITS = [
    # allowed, window in s, warm-up in s, measured for s, workers
    (2, 1, 60, 240, 16),
    (20, 1, 60, 120, 16),
    (100, 1, 60, 60, 16),
    (500, 1, 60, 60, 64),
    (50, 60, 300, 1_200, 16),
    (100, 60, 300, 1_200, 16),
    (600, 60, 300, 1_200, 16),
    (1_000, 60, 300, 600, 16),
]
MINUTE_S = 60


@dataclass(frozen=True)
class Curve:
    """One picture: what the service allowed, what it saw. Rates in requests/s."""

    name: str
    title: str
    limit: Callable[[], Limit]
    allowed: Callable[[float], float]  # requests/s, at a moment
    seconds: int
    step_s: int  # a bar's width
    workers: int = 16


def changing(before: Limit, after: Limit, at_s: float) -> Limit:
    """A limit that becomes another one."""
    return lambda now: (before if now < at_s else after)(now)


def out_of_service(limit: Limit, begin_s: float, end_s: float) -> Limit:
    """A limit of a service that is down for a while."""
    return lambda now: None if begin_s < now < end_s else limit(now)


CURVES = [
    Curve("per-second", "20 requests/s, unknown", lambda: Sliding(20, 1), lambda _: 20, 120, 1),
    Curve("per-minute", "100 requests a minute, fixed windows, unknown", lambda: Fixed(100, 60), lambda _: 100 / 60, 1_200, 10),
    Curve(
        "halved", "40 requests/s, halved after a minute",
        lambda: changing(Sliding(40, 1), Sliding(20, 1), 60), lambda at: 40 if at < MINUTE_S else 20, 120, 1,
    ),
    Curve(
        "outage", "20 requests/s, and two minutes without the service",
        lambda: out_of_service(Sliding(20, 1), 60, 180), lambda at: 0 if MINUTE_S < at < 3 * MINUTE_S else 20, 300, 1,
    ),
]  # fmt: skip


def draw(curve: Curve) -> None:
    """Write the picture."""
    import matplotlib as mpl  # noqa: PLC0415 - the page's figures need no pictures

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415 - after the choice of a back end

    rates: list[tuple[float, float]] = []
    pace = TunedPace()
    seen = simulate(
        capillary.endpoint(), pace, curve.limit(), curve.seconds, workers=curve.workers,
        watch=lambda now: rates.append((now, pace.per_second)),
    )  # fmt: skip
    passed = Counter(int(at / curve.step_s) for at, accepted in seen if accepted)
    steps = range(curve.seconds // curve.step_s)
    figure, axes = plt.subplots(figsize=(9, 3.2), layout="constrained")
    axes.bar(
        [(step + 0.5) * curve.step_s for step in steps], [passed[step] / curve.step_s for step in steps],
        curve.step_s, color="#bcd5ea", label="accepted",
    )  # fmt: skip
    moments = [tenth * curve.seconds / 2_000 for tenth in range(2_001)]
    axes.plot(moments, [curve.allowed(at) for at in moments], color="#444444", linewidth=1, label="allowed")
    axes.plot(*zip(*rates, strict=True), color="#1f6fb2", linewidth=1.2, label="pace")
    late = [at for at, accepted in seen if not accepted]
    axes.plot(late, [0.0] * len(late), "|", color="#c0392b", markersize=12, label="refused (429)")
    axes.set(title=curve.title, xlabel="s", ylabel="requests/s", xlim=(0, curve.seconds))
    axes.set_ylim(0, 2.2 * max(curve.allowed(at) for at in moments))
    axes.legend(loc="upper right", ncols=4, frameon=False, fontsize="small")
    figure.savefig(HERE / f"{curve.name}.png", dpi=110, metadata={"Software": None})
    plt.close(figure)


def line(allowed: int, window_s: int, warm_s: int, measured_s: int, workers: int) -> str:
    """The limit's line in the page."""
    rate, cells = allowed / window_s, []
    for kind in KINDS.values():
        for pace, warm in ((TunedPace(), warm_s), (FixedPace(rate), 0)):
            seen = run(pace, kind(allowed, window_s), warm + measured_s, workers)
            cells += [f"{used(seen, warm, warm + measured_s, rate):.1%}", f"{refused(seen):.2%}"]
    name = f"{allowed:,}/s" if window_s == 1 else f"{allowed:,}/min"
    return f"| {name} | {' | '.join(cells)} |"


def run(pace: Pace, limit: Limit, seconds: int, workers: int) -> Sequence[Seen]:
    """What the service sees."""
    return simulate(capillary.endpoint(), pace, limit, seconds, workers=workers)


def figures() -> Iterator[str]:
    """The table's lines."""
    for limit in LIMITS:
        yield line(*limit)


def page(lines: Sequence[str]) -> str:
    """The whole page."""
    return (HERE / "page.md").read_text("utf-8").replace("{{figures}}", "\n".join(lines))


if __name__ == "__main__":
    for drawn in CURVES:
        draw(drawn)
        sys.stderr.write(f"{drawn.name}.png\n")
    PAGE.write_text(page(list(figures())), "utf-8")
