"""Writing a file so that it is always whole: to another name beside it, to the disk, then renamed into place."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that only this account may read; what stood there stays until the new content is on the disk.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    new = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
