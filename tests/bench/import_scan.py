"""A scan of a whole estate comes in, is applied, and comes in again with every host changed: seconds and memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from deskterm.configuration import discovery
from deskterm.configuration.discovery_schema import Outcome
from deskterm.exchange.importing import run_import
from tests.bench.measure import Line
from tests.configuration.scanning import DAY, host, nmap
from tests.desks import MONDAY, Cast, cast_on

HOSTS = 10_000
BAR_SECONDS, BAR_MEBIBYTES = 30, 500

T = TypeVar("T")


def run() -> Iterator[Line]:
    """Yield the lines of this benchmark."""
    with TemporaryDirectory() as folder, cast_on(f"{folder}/desk.db") as cast:
        seconds, number = _timed(lambda: _import(cast, Path(folder), (22, 80), MONDAY - DAY))
        yield Line(f"scan of {HOSTS:,} hosts, import", seconds, BAR_SECONDS, "s", f"{HOSTS / seconds:,.0f} hosts a second")
        positions = discovery.positions_of(cast.ada, number, Outcome.NEW)
        discovery.decide(cast.ada, number, positions, discovery.STAGED)
        seconds, _ = _timed(lambda: discovery.apply(cast.ada, number))
        yield Line(
            "the same, all of it applied: as many new CIs", seconds, 2 * BAR_SECONDS, "s", f"{HOSTS / seconds:,.0f} CIs a second"
        )
        seconds, _ = _timed(lambda: _import(cast, Path(folder), (22, 443), MONDAY))
        yield Line("a scan with every host changed, import", seconds, BAR_SECONDS, "s")
    yield Line("peak memory of all three", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, BAR_MEBIBYTES, "MiB")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _import(cast: Cast, folder: Path, ports: tuple[int, ...], at: int) -> str:
    hosts = []
    for i in range(HOSTS):
        high, low = divmod(i, 256)
        hosts.append(
            host(f"h{i}.example.org", mac=f"08:00:27:00:{high:02x}:{low:02x}", address=f"10.0.{high}.{low}", ports=ports)
        )
    path = folder / f"{at}.xml"
    path.write_bytes(nmap(*hosts, target="10.0.0.0/16", at=at))
    return run_import(cast.ada, "nmap", path).number
