# SPDX-License-Identifier: GPL-2.0-only
"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from vmaconv.cocci.text.atomic import deferred_signals, write_whole


def test_interrupt_in_the_middle_waits_for_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.c"
    path.write_bytes(b"old\n")
    real = os.fsync

    def interrupted(handle: int) -> None:
        signal.raise_signal(signal.SIGINT)
        real(handle)

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new\n")
    assert path.read_bytes() == b"new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with deferred_signals():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.c"
    path.write_bytes(b"old\n")
    path.chmod(0o640)
    write_whole(path, b"new\n")
    assert path.stat().st_mode & 0o7777 == 0o640
