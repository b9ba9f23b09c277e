# SPDX-License-Identifier: GPL-2.0-only
"""Scripts that loop, grow, recurse or flood: each is stopped, and the session lives on."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from script_blocks import Run, block

from vmaconv.cocci.script.limits import Alarm, Expired

ROOT = Path(__file__).parents[3]

LOOPS = {
    "while": "while True: pass",
    "caught": "while True:\n    try:\n        while True: pass\n    except Exception: pass",
    "bare except": "while True:\n    try:\n        while True: pass\n    except: pass",
    "finally": "try:\n    while True: pass\nfinally:\n    while True: pass",
    "generator": "def g():\n    while True: yield 1\nsum(g())",
    "product": "import itertools\nfor i in itertools.product(range(99999), repeat=9): pass",
    "regex": "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    "power": "9 ** 9 ** 9",
    "comparison": "class A:\n    def __eq__(self, o):\n        while True: pass\nA() == 1",
    "message": "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    "exit": "class E:\n    def __str__(self):\n        while True: pass\nraise SystemExit(E())",
    "output": "class S(str):\n    def __str__(self):\n        while True: pass\nprint(S())",
}


@pytest.mark.parametrize("code", LOOPS.values(), ids=LOOPS)
def test_a_script_that_does_not_end_is_stopped(code: str) -> None:
    run = Run(time_limit=0.2)
    before = time.process_time()
    error = run(code).error
    assert error is not None
    assert error.code == "script-time-limit"
    assert time.process_time() - before < 5
    assert run("print('next')").error is None
    assert run.text.endswith("next\n")


def test_the_clock_and_its_handler_are_put_back() -> None:
    rung: list[int] = []

    def handler(signum: int, frame: object) -> None:  # noqa: ARG001
        rung.append(signum)

    before = signal.signal(signal.SIGPROF, handler)
    try:
        run = Run(time_limit=0.1, hard_limit=50)
        run("while True: pass")
        run("print(1)")
        assert signal.getsignal(signal.SIGPROF) is handler
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
        assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        assert rung == []
    finally:
        signal.signal(signal.SIGPROF, before)


def test_the_callers_own_alarm_passes_through() -> None:
    class Timeout(BaseException):
        pass

    def ring(signum: int, frame: object) -> None:  # noqa: ARG001
        raise Timeout

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        run = Run(time_limit=30)
        with pytest.raises(Timeout):
            run("while True:\n    try:\n        while True: pass\n    except: pass")
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_time_that_others_use_is_not_counted() -> None:
    alarm = Alarm(0.2)
    alarm.arm()
    try:
        time.sleep(0.5)
    finally:
        alarm.disarm()


def test_an_alarm_rings_again_for_code_that_caught_it() -> None:
    alarm = Alarm(0.1)
    caught = 0
    with pytest.raises(Expired):
        try:
            alarm.arm()
            try:
                while True:
                    pass
            except Expired:
                caught += 1
                while True:
                    pass
        finally:
            alarm.disarm()
    assert caught == 1


def test_scripts_run_in_the_main_thread_only() -> None:
    found: list[BaseException] = []

    def work() -> None:
        try:
            Run()
        except RuntimeError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(found) == 1


@pytest.mark.parametrize("limit", [0, -1.0])
def test_a_limit_has_to_be_positive(limit: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Alarm(limit)


IN_C = {
    # Comparing these visits 2**60 pairs.
    "comparison": "a = b = 0\nfor i in range(60): a, b = [a, a], [b, b, 1][:2]\na == b",
    "count": "import itertools\nsum(itertools.count())",
    "cycle": "import itertools, collections\ncollections.deque(itertools.cycle('ab'), maxlen=0)",
    "iter": "sum(iter(int, 1))",
    "range": "sum(range(10 ** 12))",
}
"""Loops inside one C function, which looks at no signal."""


@pytest.mark.parametrize("code", IN_C.values(), ids=IN_C)
def test_the_hard_limit_ends_a_loop_inside_c(code: str) -> None:
    run = Run(time_limit=0.1, hard_limit=0.5)
    error = run(code).error
    assert error is not None
    assert error.code == "script-time-limit"
    assert run.session.broken
    assert run("print(1)").error is error


MEMORY = """
import sys; sys.path.insert(0, 'tests/cocci/script')
from script_blocks import Run
from vmaconv.cocci.script.limits import limit_memory
import resource
lift = limit_memory(1 << 30)
run = Run(time_limit=20)
error = run(sys.argv[1]).error
print(error.code)
spare = bytearray(300 << 20)
print(run("print(1)").error is error)
lift()
print(resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY)
"""

HOGS = {
    "text": "x = 'a' * (1 << 33)",
    "list": "x = []\nwhile True: x.append('a' * 1000000)",
    "doubling": "x = [0]\nwhile True: x = x + x",
    "global": "coccinelle.x = []\nwhile True: coccinelle.x.append(bytes(1000000))",
}


@pytest.mark.parametrize("code", HOGS.values(), ids=HOGS)
def test_a_script_that_eats_memory_is_stopped_and_lets_go_of_it(code: str) -> None:
    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
        pytest.skip("the address space is limited here already")
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "script-memory-limit\nTrue\nTrue\n", done.stderr[-500:]


@pytest.mark.parametrize(
    "code",
    [
        "def f(): f()\nf()",
        "class A:\n    def __str__(self): return str(self)\nprint(A())",
        "f = lambda n: sorted([n], key=f)\nf(1)",
        "import re\nre.compile('(' * 5000 + ')' * 5000)",
    ],
)
def test_endless_recursion_is_an_error_with_its_line(code: str) -> None:
    run = Run()
    error = run(code).error
    assert error is not None
    assert error.code == "script-recursion"
    assert 5 <= error.place.line <= 7
    assert run("print(1)").error is None


@pytest.mark.parametrize("caught", ["", " Exception", " BaseException"])
def test_a_flood_of_output_is_stopped(caught: str) -> None:
    run = Run(time_limit=2)
    code = (
        f"while True:\n    try:\n        while True: print('x' * 1000000)\n    except{caught}: pass"
    )
    error = run(code).error
    assert error is not None
    assert len(run.text) <= 64 << 20
    if caught == " Exception":
        assert error.code == "script-output-limit"
        assert run("print(1)").error is None
    else:
        # What catches all that comes from within is ended from outside.
        assert error.code in ("script-output-limit", "script-time-limit")


def test_a_run_is_cheap() -> None:
    run = Run()
    rule = block("n = len(x)", ("x",))
    run.session.run(rule, {"x": "a"})
    before = time.process_time()
    for _ in range(2000):
        run.session.run(rule, {"x": "a"})
    # A process started for each would take some 20 ms.
    assert (time.process_time() - before) / 2000 < 0.005
