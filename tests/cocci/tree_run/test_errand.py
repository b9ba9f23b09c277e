# SPDX-License-Identifier: GPL-2.0-only
"""Work in a process of its own: its result, its error, and its death."""

from __future__ import annotations

import os
import signal

import pytest

from vmaconv.cocci.tree_run.errand import Errand


def test_what_it_returns_comes_from_another_process() -> None:
    with Errand(os.getpid) as errand:
        assert errand.result() != os.getpid()
        assert errand.result() == errand.result()


def test_what_it_raises_is_raised_here() -> None:
    def work() -> int:
        raise ValueError("no such macro")

    with Errand(work) as errand, pytest.raises(ValueError, match="no such macro"):
        errand.result()


def test_a_process_that_dies_is_done_without() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done here"

    with Errand(work) as errand:
        assert errand.result() == "done here"


def test_one_that_nobody_waits_for_is_ended() -> None:
    source, target = os.pipe()

    def work() -> None:
        os.write(target, str(os.getpid()).encode())
        signal.pause()

    with Errand(work):
        worker = int(os.read(source, 20))
    os.close(source)
    os.close(target)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
