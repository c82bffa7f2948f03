"""A scan that takes a while says how far it is: reading is the first half of the work, reconciling the second."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from deskterm.exchange.importing import run_import
from deskterm.exchange.progress import ProgressBar
from tests.configuration.scanning import facts, folder, host, nmap
from tests.desks import Cast


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("form", ["nmap", "ansible", "osquery"])
def test_the_bar_goes_forward_to_its_end(cast: Cast, tmp_path: Path, form: str) -> None:
    path = tmp_path / "scan"
    if form == "nmap":
        hosts = [host(f"h{i}.example.org", address=f"192.0.{i >> 8}.{i & 255}", ports=range(1, 20)) for i in range(1200)]
        path.write_bytes(nmap(*hosts))
    elif form == "osquery":
        path.write_text(json.dumps([{"system_info": [{"hostname": f"h{i}.example.org"}]} for i in range(1200)]), encoding="utf-8")
    else:
        folder(path, {f"h{i}.example.org": facts(product_serial=f"SN-{i:05}") for i in range(1200)})
    told: list[tuple[int, int]] = []
    run_import(cast.ada, form, path, progress=lambda done, total: told.append((done, total)))
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert len({total for _, total in told}) == 1
    assert any(0.1 < share <= 0.5 for share in shares)
    assert any(0.5 < share < 1 for share in shares)


def test_the_command_line_shows_it(cast: Cast, tmp_path: Path) -> None:
    terminal = Terminal()
    path = tmp_path / "scan.xml"
    path.write_bytes(nmap(*(host(f"h{i}.example.org", address=f"192.0.2.{i}") for i in range(200))))
    run_import(cast.ada, "nmap", path, progress=ProgressBar(terminal))
    assert "%" in terminal.getvalue()
