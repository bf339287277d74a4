"""The rows of the bench, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import attrs

from development.bench.measuring import Series

Bar = Literal["ratio", "most", "least"]
"""What a target means: the rival needs so many times as much, or our figure is at most, or at least, so much."""
Spread = tuple[float, float] | None


@attrs.frozen(kw_only=True)
class Row:
    """One comparison. All figures are in `unit`; without a target nothing is to be met, as for growth."""

    name: str
    n: int
    unit: str
    ours: float
    rival: float | None = None
    limit: float | None = None
    target: float | None = None
    bar: Bar = "ratio"
    ours_spread: Spread = None
    rival_spread: Spread = None
    void: str = ""
    """Why the row says nothing: the two sides did not come to the same rows."""
    details: dict[str, Any] = attrs.field(factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.rival / self.ours if self.rival is not None and self.ours else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none, or where the row is void."""
        if self.target is None or self.void:
            return None
        if self.bar == "most":
            return self.ours <= self.target
        if self.bar == "least":
            return self.ours >= self.target
        return self.ratio is not None and self.ratio >= self.target

    @property
    def verdict(self) -> str:
        return "void" if self.void else {True: "met", False: "missed", None: ""}[self.met]

    def as_json(self) -> dict[str, Any]:
        return attrs.asdict(self) | {"ratio": self.ratio, "met": self.met}


def compared(
    name: str, n: int, what: str, ours: Series, rival: Series, *, scale: float = 1.0, unit: float = 1.0, **more: Any
) -> Row:
    """A row of two series: `what` is the figure, `scale` makes of the rival's sample our size, `unit` divides both."""
    return Row(
        name=name,
        n=n,
        ours=ours.median(what) / unit,
        rival=rival.median(what) * scale / unit,
        ours_spread=_times(ours.spread(what), 1 / unit),
        rival_spread=_times(rival.spread(what), scale / unit),
        unit=more.pop("called", "CPU s"),
        **more,
    )


def smaller(count: int, full: int) -> list[int]:
    """The sizes below `count` at which growth is measured: a hundredth and a tenth of the full size."""
    return [size for size in (full // 100, full // 10) if size < count]


def growth(name: str, costs: dict[int, float]) -> Row:
    """How a cost grows, size -> cost: the slope with both as logarithms, so that 1 is linear."""
    points = [(math.log(size), math.log(cost)) for size, cost in costs.items()]
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else math.nan
    details = {f"at {size:,}": cost for size, cost in costs.items()}
    return Row(name=f"{name}, growth", n=max(costs), unit="exponent", ours=slope, details=details)


def _times(spread: tuple[float, float], factor: float) -> tuple[float, float]:
    return spread[0] * factor, spread[1] * factor


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    facts = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        models = [line.partition(":")[2].strip() for line in lines]
        facts["processor"] = models[0] if models else platform.machine()
    return facts


def printed(row: Row) -> str:
    """One line of the table, and one for its details."""
    cells = (
        f"{row.name:<46}",
        f"{row.n:>8,}",
        f"{_figure(row.ours, row.ours_spread):>24}",
        f"{_figure(row.rival, row.rival_spread):>24}",
        f"{row.unit:<8}",
        f"{f'{row.ratio:.1f}x' if row.ratio is not None else '':>8}",
        f"{f'limit {_short(row.limit)}' if row.limit is not None else '':<12}",
        f"{_bar(row):>9}",
        row.verdict,
    )
    lines = ["  ".join(cells).rstrip()]
    lines += [f"    void: {row.void}"] if row.void else []
    told = "; ".join(f"{name}: {_short(value)}" for name, value in row.details.items())
    lines += [f"    {told}"] if told else []
    return "\n".join(lines)


def _bar(row: Row) -> str:
    if row.target is None:
        return ""
    return {"ratio": f"{row.target:g}x", "most": f"<= {row.target:g}", "least": f">= {row.target:g}"}[row.bar]


def _figure(value: float | None, spread: Spread) -> str:
    if value is None:
        return ""
    return _short(value) + (f" ({_short(spread[0])}-{_short(spread[1])})" if spread else "")


def _short(value: Any) -> str:
    if isinstance(value, float) and abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)


def write(path: Path, rows: Iterable[Row]) -> None:
    """The report as JSON."""
    told = {"machine": machine(), "rows": [row.as_json() for row in rows]}
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
