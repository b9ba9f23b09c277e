# SPDX-License-Identifier: GPL-2.0-only
"""What holds a script is the kernel: the blocks have all of Python, and still get nowhere."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import marshal
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script_blocks import HERE, Run, block

from vmaconv.cocci.script import answers, script_process, script_session
from vmaconv.cocci.script.inside import kernel_boundary, plain_data
from vmaconv.cocci.script.script_process import ProcessEnded, ScriptProcess, boundary_in_force
from vmaconv.cocci.script.script_values import BlockOutcome, Iterate, Merged, ScriptBinding
from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.spatch.command import main

ROOT = Path(__file__).parents[3]

held = pytest.mark.skipif(
    "seccomp" not in boundary_in_force(), reason=f"no seccomp: {boundary_in_force()}"
)


class Free:
    """A confined process whose blocks have all of Python."""

    def __init__(self, limit: float = 20.0) -> None:
        self.process = ScriptProcess(trusted=False)
        self.process.ready()
        self.process.send({"cocci_file": "", "asks": False, "time_limit": limit})
        self.number = 0

    def __call__(self, code: str, limit: float = 20.0) -> tuple[str, object]:
        """Run a block; return what it printed and its error, if any."""
        self.number += 1
        printed: list[str] = []
        compiled = compile(textwrap.dedent(code), "free.cocci", "exec")
        order = {
            "block": self.number,
            "code": base64.b64encode(marshal.dumps(compiled)).decode(),
            "file": "free.cocci",
            "line": 1,
            "files": [],
            "environment": [],
            "variables": {},
            "expression": False,
            "outputs": [],
        }
        answer = self.process.ask(
            order, limit, lambda _, text: printed.append(text), lambda *_: None
        )
        return "".join(printed), answer.get("error")


@pytest.fixture(scope="module")
def free() -> Iterator[Free]:
    made = Free()
    yield made
    made.process.close()


@held
def test_the_blocks_of_this_test_do_have_all_of_python(free: Free) -> None:
    assert free("print((1).__class__.__mro__[-1].__name__, open.__name__)") == (
        "object open\n",
        None,
    )


ATTEMPTS = {
    "read": "open({canary!r}).read()",
    "read of the system's": "open('/etc/passwd').read()",
    "read of itself": "open('/proc/self/maps').read()",
    "write": "open({folder!r} + '/made', 'w').write('x')",
    "append": "open({canary!r}, 'a').write('x')",
    "list": "import os; os.listdir({folder!r})",
    "stat": "import os; os.stat({canary!r})",
    "remove": "import os; os.remove({canary!r})",
    "rename": "import os; os.rename({canary!r}, {canary!r} + '2')",
    "link": "import os; os.symlink('/', {folder!r} + '/l')",
    "folder": "import os; os.mkdir({folder!r} + '/d')",
    "mode": "import os; os.chmod({canary!r}, 0)",
    "change of folder": "import os; os.chdir('/')",
    "execute": "import os; os.execv('/bin/sh', ['sh', '-c', 'echo > {folder}/made'])",
    "spawn": "import os; os.posix_spawn('/bin/sh', ['sh', '-c', 'echo > {folder}/made'], {{}})",
    "fork": "import os; os.fork()",
    "system": "import os; assert os.system('echo > {folder}/made') != 0; "
    "raise OSError(1, 'Operation not permitted')",
    "socket": "import ctypes, os; c = ctypes.PyDLL(None, use_errno=True); "
    "assert c.socket(2, 1, 0) == -1; e = ctypes.get_errno(); raise OSError(e, os.strerror(e))",
    "pipe": "import os; os.pipe()",
    "duplicate": "import os; os.dup(0)",
    "kill the parent": "import os; os.kill(os.getppid() or {parent}, 9)",
    "kill everyone": "import os; os.kill(-1, 9)",
    "more memory": "import resource as r; r.setrlimit(r.RLIMIT_AS, (-1, -1))",
    "memory of the parent": "import os; open('/proc/{parent}/mem', 'rb+')",
    "another descriptor": "import os; os.write(1, b'x')",
    "reading from another descriptor": "import os; os.read(0, 1)",
    "sleeping": "import time; time.sleep(100)",
    "threads": "import _thread; _thread.start_new_thread(print, ())",
}


@held
@pytest.mark.parametrize("code", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_kernel_denies_it(code: str, free: Free, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret")
    code = code.format(canary=str(canary), folder=str(tmp_path), parent=os.getpid())
    printed, error = free(code)
    assert isinstance(error, list)
    message = str(error[2])
    assert any(
        why in message
        for why in ("Operation not permitted", "can't start new thread", "not allowed to raise")
    ), message
    assert printed == ""
    assert canary.read_text() == "secret"
    assert [path.name for path in tmp_path.iterdir()] == ["canary"]


ALL_CALLS = """
import ctypes
call = ctypes.PyDLL(None, use_errno=True).syscall
open_still = []
for number in range(0, 600):
    if number not in {allowed}:
        ctypes.set_errno(0)
        if call(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
            open_still.append(number)
for number in range(0, 600):
    ctypes.set_errno(0)
    if call(number | 0x40000000, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
        open_still.append(number | 0x40000000)
print(open_still)
"""


@held
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_no_other_system_call_is_open(free: Free) -> None:
    """Called by its number, past Python: open, execve, clone, ptrace, io_uring, those of x32."""
    # 335 and 336, for probes that only root sets, never reach a filter; all they do is fail.
    allowed = {*kernel_boundary._CALLS["x86_64"].values(), 335, 336}
    assert free(ALL_CALLS.format(allowed=allowed)) == ("[]\n", None)


@held
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_no_memory_becomes_a_program(free: Free) -> None:
    code = """
    import ctypes
    call = ctypes.PyDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    for protection in (4, 5, 7, 0x1000004):
        print(call(9, 0, 4096, protection, 0x22, -1, 0), ctypes.get_errno())
    at = call(9, 0, 4096, 3, 0x22, -1, 0)
    print(at > 0, call(10, ctypes.c_long(at), 4096, 5), ctypes.get_errno())
    """
    assert free(code)[0] == "-1 1\n" * 4 + "True -1 1\n"


@held
def test_the_process_finds_nothing_of_ours() -> None:
    """No variable of the environment, and no descriptor but its pipes, though we have others."""
    outside = socket.socket()
    os.set_inheritable(outside.fileno(), True)
    os.environ["VMACONV_TEST_TOKEN"] = "hidden"
    try:
        free = Free()
        names = free("import os; print(*os.environ)")[0].split()
        assert names in ([], ["LC_CTYPE"])  # which Python sets itself
        pid = free.process._pid
        links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
        assert sorted(link.partition(":")[0] for link in links) == ["/dev/null"] * 3 + ["pipe"] * 2
        state = Path(f"/proc/{pid}/status").read_text()
        assert "NoNewPrivs:\t1" in state
        assert "Seccomp:\t2" in state
    finally:
        del os.environ["VMACONV_TEST_TOKEN"]
        outside.close()


@held
def test_the_process_ends_with_its_parent() -> None:
    program = (
        "import os, signal\n"
        "from vmaconv.cocci.script.script_process import ScriptProcess\n"
        "p = ScriptProcess(trusted=False); p.ready(); print(p._pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.05)
    raise AssertionError("it lives on")


TALKS = {
    "garbage": "b'\\x00\\x00\\x00\\x04\\xff\\xff\\xff\\xff'",
    "a pickle": "b'\\x00\\x00\\x00\\x10' + b'cos\\nsystem\\n(S\"x'",
    "a list": "b'\\x00\\x00\\x00\\x02[]'",
    "nesting": "(200000).to_bytes(4, 'big') + b'[' * 200000",
    "too much": "b'\\xff\\xff\\xff\\xff'",
    "a long number": "(9000).to_bytes(4, 'big') + b'9' * 9000",
}


@held
@pytest.mark.parametrize("data", TALKS.values(), ids=TALKS)
def test_what_the_process_sends_is_only_data(data: str) -> None:
    free = Free()
    code = f"""
    import os
    for end in range(3, 64):
        try: os.write(end, {data})
        except OSError: pass
    """
    with pytest.raises(ProcessEnded) as ended:
        free(code)
    assert ended.value.code == "script-error"
    assert free.process._pid == 0


@held
def test_a_process_that_disarms_its_own_clock_is_ended_from_outside() -> None:
    free = Free(limit=0.1)
    with pytest.raises(ProcessEnded) as ended:
        free("import signal\nsignal.setitimer(signal.ITIMER_PROF, 0)\nwhile True: pass", 0.3)
    assert ended.value.code == "script-time-limit"


@held
def test_a_process_that_floods_is_ended_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "MAX_OUTPUT", 1000)
    with pytest.raises(ProcessEnded) as ended:
        Free()("print('x' * 2000)")
    assert ended.value.code == "script-output-limit"


@held
def test_a_denied_script_is_told_what_holds_it() -> None:
    run = Run()
    error = run("raise OSError(1, 'Operation not permitted')").error
    assert error is not None
    assert error.code == "script-denied"
    assert "scripts are held by" in error.remedy and "seccomp" in error.remedy


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_bubblewrap_holds_scripts_where_the_kernel_cannot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ("bubblewrap",))
    if boundary_in_force() != "bubblewrap":
        pytest.skip(boundary_in_force())
    (tmp_path / "canary").write_text("secret")
    free = Free()
    assert free.process.boundary == "bubblewrap"
    printed, error = free(f"open({str(tmp_path / 'canary')!r})")
    assert isinstance(error, list) and "No such file" in str(error[2])
    assert free("open('/usr/made', 'w')")[1] is not None
    assert free("import socket; s = socket.socket(); s.connect(('1.1.1.1', 80))")[1] is not None
    run = Run()
    assert run("print(p[0].line)", p=HERE) == BlockOutcome()
    assert run.text == "5\n"
    run.session.close()


def test_without_a_boundary_no_script_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ())
    run = Run()
    error = run("print(1)").error
    assert error is not None
    assert error.code == "script-no-boundary"
    assert "--trust-scripts" in error.remedy
    assert run.text == ""
    assert "none" in boundary_in_force()
    trusted = Run(trusted=True)
    assert trusted("print(1)").error is None
    assert trusted.text == "1\n"


def test_a_way_that_fails_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ("nonsense", "kernel"))
    assert "nonsense" not in boundary_in_force() or "none" in boundary_in_force()


PLACE = RulePlace("r.cocci", 3, 0)

FORGED: dict[str, dict[str, object]] = {
    "nothing": {},
    "no marks": {"made": {}},
    "another output": {"made": {"z": ["identifier", "x"]}, "keep": True, "stop": False},
    "kind": {"made": {"y": ["code", "x", "", None]}, "keep": True, "stop": False},
    "text": {"made": {"y": ["identifier", 5]}, "keep": True, "stop": False},
    "place": {"made": {"y": ["position", "", "", ["f", 1, 2, 3, "4", "g"]]}},
    "iterations": {
        "made": {},
        "keep": True,
        "stop": False,
        "iterations": [[["a"], [1], [], True, 1]],
    },
}


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED)
def test_a_forged_answer_is_an_error(answer: dict[str, object]) -> None:
    message = {"keep": True, "stop": False, "iterations": [], **answer}
    if answer in (FORGED["nothing"], FORGED["no marks"]):
        message = answer
    assert isinstance(answers.outcome_of(message, {"y": PLACE}, "r.cocci"), SmplError)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
keys = st.sampled_from(["made", "keep", "stop", "iterations", "error", "exit", "value", "type"])


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(keys, anything))
def test_no_answer_gets_past_the_checks(answer: dict[str, object]) -> None:
    error = answers.error_of(answer, PLACE)
    assert error is None or error.place.file == "r.cocci"
    found = answers.outcome_of(answer, {"y": PLACE}, "r.cocci")
    if isinstance(found, BlockOutcome):
        assert all(isinstance(made, ScriptBinding) for made in found.outputs.values())
        assert all(isinstance(asked, Iterate) for asked in found.iterations)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(anything)
def test_whatever_is_read_back_as_plain_data_is_plain(value: object) -> None:
    with contextlib.suppress(ValueError):
        plain_data.encode(plain_data.decode(value))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.sets(st.integers() | st.text(max_size=3), max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(plain)
def test_plain_data_comes_back_as_it_was(value: object) -> None:
    over_the_pipe = json.loads(json.dumps(plain_data.encode(value)))
    back = plain_data.decode(over_the_pipe)
    assert back == value
    assert type(back) is type(value)
    assert answers.shown(Merged((back,)))[0] == "merged"  # type: ignore[arg-type]


def test_a_script_that_dies_of_a_signal_is_named() -> None:
    run = Run()
    assert run("x = 1").error is None
    os.kill(run.session._process._pid, signal.SIGKILL)
    error = run.session.run(block("print(x)"), {}).error
    assert error is not None
    assert (error.code, run.session.broken) == ("script-died", True)
    assert "SIGKILL" in error.message


HARMFUL = """@r@
expression x;
position p;
@@
foo@p(x)

@script:python s@
p << r.p;
out;
@@
import ctypes, os, sys
def read(): return open("canary.txt").read()
def write(): return open("written.txt", "w").write("by a rule file")
def run(): return os.posix_spawn("/bin/sh", ["sh", "-c", "id > written.txt"], {})
def fork(): return os.fork()
def listen():
    if ctypes.PyDLL(None, use_errno=True).socket(2, 1, 0) < 0: raise OSError("no socket")
for attempt in (read, write, run, fork, listen):
    try:
        print("DONE", attempt.__name__, attempt())
    except OSError as error:
        print("denied", attempt.__name__)
coccinelle.out = p[0].line

@ depends on s @
identifier s.out;
expression x;
@@
- foo(x)
+ bar(x)
"""


@held
def test_a_rule_file_whose_script_left_the_gate_meets_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if every check of ours had failed: the script has all of Python, in its usual process."""
    monkeypatch.setattr(
        script_session,
        "ScriptProcess",
        lambda *, trusted, at_once: ScriptProcess(trusted=not trusted, at_once=at_once),
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.c").write_text("int f(int x)\n{\n\treturn foo(x);\n}\n")
    (tmp_path / "canary.txt").write_text("secret")
    (tmp_path / "r.cocci").write_text(HARMFUL)
    out, err = io.BytesIO(), io.StringIO()
    words = ["--sp-file", "r.cocci", "a.c", "--trust-scripts", "--very-quiet"]
    assert main(words, out, err) == 0
    printed = out.getvalue().decode().splitlines()
    assert printed[:5] == [f"denied {what}" for what in ("read", "write", "run", "fork", "listen")]
    assert "+\treturn bar(x);" in printed
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        *("a.c", "canary.txt", "r.cocci")
    ]


UNTRUSTED = "@script:python@\n@@\nprint('ran')\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_without_a_boundary_ends_before_any_script(
    jobs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.c").write_text("int a;\n")
    (tmp_path / "r.cocci").write_text(UNTRUSTED)
    out, err = io.BytesIO(), io.StringIO()
    assert main(["--sp-file", "r.cocci", "--dir", ".", "-j", jobs], out, err) == 255
    assert (out.getvalue(), "ran" in err.getvalue()) == (b"", False)
    assert "offers no boundary" in err.getvalue() and "--trust-scripts" in err.getvalue()
    out = io.BytesIO()
    assert main(["--sp-file", "r.cocci", "a.c", "--trust-scripts"], out, io.StringIO()) == 0
    assert out.getvalue() == b"ran\n"


def test_no_process_is_started_for_a_rule_file_without_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.c").write_text("int f(int x)\n{\n\treturn foo(x);\n}\n")
    (tmp_path / "r.cocci").write_text("@@ expression x; @@\n- foo(x)\n+ bar(x)\n")
    out = io.BytesIO()
    assert main(["--sp-file", "r.cocci", "a.c"], out, io.StringIO()) == 0
    assert b"+\treturn bar(x);" in out.getvalue()
