"""The library's folder: hostile names, links, pipes, files that change or vanish, and large files in little memory."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.release.library_store import CHUNK, LONGEST_NAME, LibraryStore, LibraryUnusable, plain_name
from tests.hostile import PAYLOADS

ITEM = "DSL-00001"


@pytest.fixture
def store(tmp_path: Path) -> LibraryStore:
    return LibraryStore(tmp_path / "library")


def keep(store: LibraryStore, source: Path) -> tuple[str, str, int]:
    with store.incoming(source) as arrived:
        return arrived.keep(ITEM), arrived.sha256, arrived.size_bytes


@pytest.fixture
def stored(store: LibraryStore, tmp_path: Path) -> tuple[Path, str, str, int]:
    source = tmp_path / "payroll-4.3.tar.gz"
    source.write_bytes(b"payroll" * 1000)
    place, digest, size = keep(store, source)
    return store.folder / place, place, digest, size


def test_a_file_is_copied_whole_with_its_hash_and_nothing_is_left_beside(
    store: LibraryStore, stored: tuple[Path, str, str, int]
) -> None:
    path, place, digest, size = stored
    data = b"payroll" * 1000
    assert path.read_bytes() == data
    assert (digest, size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert place == f"{ITEM}/{digest[:12]}-payroll-4.3.tar.gz"
    assert list((store.folder / ".incoming").iterdir()) == []
    assert store.check(place, digest, size).result == "verified"
    assert not path.stat().st_mode & 0o222, "nobody edits a master copy by accident"


REFUSED = [
    "", ".", "..", "../x", "a/b", "/etc/passwd", "..\\x", "a\\b", "C:x", "-rf", ".hidden", "~root", " x", "x ", "x.", "a\nb",
    "a\x00b", "a\x1b[2Jb", "a\u202egpj.exe", "a\u200bb", "x" * (LONGEST_NAME + 1), "é" * LONGEST_NAME, "a\ud800b", "a\x7f",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_name_that_is_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="file name") as refused:
        plain_name(name)
    assert refused.value.fields["file"]
    assert refused.value.message.isprintable()


@given(st.text() | st.sampled_from(sorted(PAYLOADS.values())))
def test_a_place_never_leads_out_of_its_folder(name: str) -> None:
    store = LibraryStore(Path("/srv/library"))
    try:
        place = store.place_of(ITEM, name)
    except InvalidInput:
        return
    assert (store.folder / place).parent == store.folder / ITEM
    assert name.isprintable()


@pytest.mark.parametrize("item", ["", "..", "../up", "a/b", "dsl-1", "DSL 1", "DSL\x00"])
def test_a_number_that_is_none_is_no_folder(store: LibraryStore, item: str) -> None:
    with pytest.raises(InvalidInput):
        store.place_of(item, "x")


def test_what_is_no_regular_file_is_refused_and_not_waited_for(store: LibraryStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, says in (("pipe", "no regular file"), ("gone", "cannot be read"), ("library2", "no regular file")):
        if name == "library2":
            (tmp_path / name).mkdir()
        with pytest.raises(InvalidInput, match=says), store.incoming(tmp_path / name):
            pytest.fail("it was taken")
    assert list((store.folder / ".incoming").iterdir()) == []


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    source = tmp_path / "a.tar"
    source.write_text("x")
    with pytest.raises(LibraryUnusable, match="cannot be used"), LibraryStore(tmp_path / "file").incoming(source):
        pytest.fail("it was taken")


@pytest.mark.parametrize("change", ["grow", "shrink"])
def test_a_file_that_changes_while_it_is_copied_is_not_stored(store: LibraryStore, tmp_path: Path, change: str) -> None:
    source = tmp_path / "growing.bin"
    source.write_bytes(b"x" * (3 * CHUNK))

    def meddle(done: int, whole: int) -> None:
        if done == CHUNK:
            os.truncate(source, 4 * CHUNK if change == "grow" else 2 * CHUNK)

    with pytest.raises(InvalidInput, match="changed while"), store.incoming(source, meddle):
        pytest.fail("it was taken")
    assert list((store.folder / ".incoming").iterdir()) == []


def test_a_file_that_vanishes_while_it_is_copied_arrives_as_it_was(store: LibraryStore, tmp_path: Path) -> None:
    source = tmp_path / "vanishing.bin"
    source.write_bytes(b"x" * (2 * CHUNK))
    with store.incoming(source, lambda done, whole: source.unlink(missing_ok=True)) as arrived:
        place = arrived.keep(ITEM)
    assert not source.exists()
    assert store.check(place, arrived.sha256, arrived.size_bytes).result == "verified"


def test_two_gigabytes_stream_in_little_memory(store: LibraryStore, tmp_path: Path) -> None:
    source = tmp_path / "large.iso"
    size = 2 * 2**30
    with source.open("wb") as file:
        file.truncate(size)  # a sparse file: its bytes are read like any other
    descriptor = os.open(source, os.O_RDONLY)
    tracemalloc.start()
    try:
        from deskterm.release.library_store import _digest

        digest, read = _digest(descriptor)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        os.close(descriptor)
    assert (read, len(digest)) == (size, 64)
    assert peak < 8 * CHUNK


def test_what_is_not_kept_is_gone_also_when_something_fails(store: LibraryStore, tmp_path: Path) -> None:
    source = tmp_path / "a.tar"
    source.write_text("x")
    with store.incoming(source):
        pass

    def lose() -> None:
        with store.incoming(source) as arrived:
            arrived.keep(ITEM)
            raise RuntimeError("the record could not be written")

    with pytest.raises(RuntimeError):
        lose()
    assert store.strays(frozenset()) == []


def test_tampering_is_found_however_it_is_done(store: LibraryStore, stored: tuple[Path, str, str, int], tmp_path: Path) -> None:
    path, place, digest, size = stored
    data = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(b"X" + data[1:])
    assert store.check(place, digest, size).result == "tampered"
    path.write_bytes(data + b"!")
    assert "bytes" in store.check(place, digest, size).detail
    path.unlink()
    assert store.check(place, digest, size).result == "missing"
    original = tmp_path / "original"
    original.write_bytes(data)
    path.symlink_to(original)
    assert (store.check(place, digest, size).result, "link" in store.check(place, digest, size).detail) == ("tampered", True)
    path.unlink()
    path.mkdir()
    assert store.check(place, digest, size).result == "tampered"
    path.rmdir()
    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    assert store.check(place, digest, size).result == "tampered"
    for elsewhere in ("../../etc/passwd", "/etc/passwd", "a/b/c", f"{ITEM}/../x", ""):
        assert store.check(elsewhere, digest, size).result == "tampered"


def test_an_unreadable_file_is_told_from_a_missing_one(store: LibraryStore, stored: tuple[Path, str, str, int]) -> None:
    path, place, digest, size = stored
    if os.geteuid() == 0:
        path.parent.rename(store.folder / "moved")
        path.parent.write_text("a file where the folder was")
        assert store.check(place, digest, size).result == "unreadable"
    else:
        path.chmod(0)
        assert store.check(place, digest, size).result == "unreadable"


def test_what_belongs_to_no_item_is_found(store: LibraryStore, stored: tuple[Path, str, str, int]) -> None:
    _, place, _, _ = stored
    assert store.strays(frozenset({place})) == []
    (store.folder / "readme").write_text("x")
    (store.folder / ITEM / "extra").write_text("x")
    (store.folder / "incoming").mkdir()
    (store.folder / "incoming" / "waits.tar").write_text("x")
    assert store.strays(frozenset({place})) == [f"{ITEM}/extra", "readme"]
