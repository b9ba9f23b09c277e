# SPDX-License-Identifier: GPL-2.0-only
"""Giving up, for good, what the kernel would let a process do.

In: the two ends of the pipes that the process keeps. Out: a name for what holds it from now on, or
`NoBoundary`. Nothing is taken back: neither the process nor what it might start can lift any of
it. By ctypes, for these are four calls: pyseccomp 0.1 runs two programs to find its library, which
takes longer than all of this, and landlock 1.0 leaves the network out.

- seccomp(2): only the system calls of `_CALLS`, on the two pipes alone; any other fails with EPERM.
  No file is opened, no program or process started, no socket made, no memory made executable.
- landlock(7), where the kernel has it: no file, no port, no signal or socket of others.
- `NO_NEW_PRIVS`, rlimits on memory, files, processes; death with the parent.

Numbers: the kernel's asm/unistd_64.h, asm-generic/unistd.h, linux/audit.h, linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct

MEMORY = 1 << 30
"""Bytes of address space that the process may have."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2

_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
"""One number on every architecture."""
_LANDLOCK_VERSION = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights on files there are, since which ABI."""
_TCP_RIGHTS, _SCOPES = 0b11, 0b11

_READ, _WRITE, _MMAP, _MPROTECT = "read", "write", "mmap", "mprotect"

_CALLS = {
    # What Python's memory, signals and clock take, and leaving.
    "x86_64": {
        _READ: 0,
        _WRITE: 1,
        _MMAP: 9,
        _MPROTECT: 10,
        "munmap": 11,
        "brk": 12,
        "rt_sigaction": 13,
        "rt_sigprocmask": 14,
        "rt_sigreturn": 15,
        "mremap": 25,
        "madvise": 28,
        "setitimer": 38,
        "exit": 60,
        "gettimeofday": 96,
        "sigaltstack": 131,
        "futex": 202,
        "restart_syscall": 219,
        "clock_gettime": 228,
        "exit_group": 231,
        "getrandom": 318,
    },
    "generic": {
        _READ: 63,
        _WRITE: 64,
        _MMAP: 222,
        _MPROTECT: 226,
        "munmap": 215,
        "brk": 214,
        "rt_sigaction": 134,
        "rt_sigprocmask": 135,
        "rt_sigreturn": 139,
        "mremap": 216,
        "madvise": 233,
        "setitimer": 103,
        "exit": 93,
        "gettimeofday": 169,
        "sigaltstack": 132,
        "futex": 98,
        "restart_syscall": 128,
        "clock_gettime": 113,
        "exit_group": 94,
        "getrandom": 278,
    },
}

_MACHINES = {
    "x86_64": ("x86_64", 0xC000003E),
    "aarch64": ("generic", 0xC00000B7),
    "riscv64": ("generic", 0xC00000F3),
    "loongarch64": ("generic", 0xC0000102),
}
"""uname's machine: its table of calls, and what the kernel calls it in a filter."""

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_DENY = 0x00050000 | 1  # SECCOMP_RET_ERRNO, EPERM
_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_PROT_EXEC = 4


class NoBoundary(Exception):
    """The kernel does not offer what is needed; says what."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def confine(source: int, target: int) -> str:
    """Give everything up but reading from one descriptor and writing to another.

    Returns what holds, as in "Landlock (ABI 7) and seccomp". Raises `NoBoundary`.
    """
    # Whatever else was inherited is closed: it would stay usable.
    _close_all_but(source, target)
    libc = ctypes.CDLL(None, use_errno=True)
    limit()
    for option, value in ((_PR_SET_DUMPABLE, 0), (_PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise NoBoundary(f"prctl({option}): {os.strerror(ctypes.get_errno())}")
    version = _landlock(libc)
    _seccomp(libc, source, target)
    return f"Landlock (ABI {version}) and seccomp" if version else "seccomp"


def die_with(parent: int) -> None:
    """Have this process killed when its parent dies; leave at once if that has happened."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def limit() -> None:
    """Set the limits of this process: memory, and none of what it does not need."""
    none = (
        *(resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE),
        *(resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE),
    )
    for what, most in ((resource.RLIMIT_AS, MEMORY), *((what, 0) for what in none)):
        _, hard = resource.getrlimit(what)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, wanted))


def _close_all_but(source: int, target: int) -> None:
    low, high = sorted((source, target))
    os.closerange(3, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, 1 << 20)


def _landlock(libc: ctypes.CDLL) -> int:
    """Forbid what Landlock can forbid; return its version, 0 where the kernel has none."""
    version: int = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return 0
    rights = max(bits for since, bits in _FILE_RIGHTS.items() if version >= since)
    parts = [(1 << rights) - 1]
    if version >= 4:
        parts.append(_TCP_RIGHTS)
    if version >= 6:
        parts.append(_SCOPES)
    attributes = struct.pack(f"={len(parts)}Q", *parts)
    rules = libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0 or libc.syscall(_LANDLOCK_RESTRICT, rules, 0) != 0:
        raise NoBoundary(f"Landlock: {os.strerror(ctypes.get_errno())}")
    os.close(rules)
    return version


def _seccomp(libc: ctypes.CDLL, source: int, target: int) -> None:
    machine = os.uname().machine
    if machine not in _MACHINES or struct.calcsize("P") != 8:
        raise NoBoundary(f"seccomp: the system calls of {machine} are not known here")
    table, architecture = _MACHINES[machine]
    program = filter_program(_CALLS[table], architecture, source, target)
    buffer = ctypes.create_string_buffer(program, len(program))
    wanted = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    done = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(wanted), 0, 0)
    if done != 0:
        raise NoBoundary(f"seccomp: {os.strerror(ctypes.get_errno())}")


def filter_program(calls: dict[str, int], architecture: int, source: int, target: int) -> bytes:
    """Return the filter: a program of the kernel's classic BPF, eight bytes an instruction.

    A call of another architecture (on x86-64 those of 32 bits are in reach) ends the process.
    """
    lines = [
        _line(_LOAD, _ARCHITECTURE_AT),
        _line(_EQUAL, architecture, 1, 0),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NUMBER_AT),
    ]
    for name, number in calls.items():
        match name:
            case "read" | "write":
                checks = _descriptor(source if name == _READ else target)
            case "mmap" | "mprotect":
                # Both have the protection as their third argument.
                checks = [_line(_LOAD, _ARGUMENTS_AT + 16), _line(_ANY_BIT, _PROT_EXEC, 0, 1)]
                checks += [_line(_RETURN, _DENY)]
            case _:
                checks = []
        lines += [_line(_EQUAL, number, 0, len(checks) + 1), *checks, _line(_RETURN, _ALLOW)]
    return b"".join([*lines, _line(_RETURN, _DENY)])


def _descriptor(wanted: int) -> list[bytes]:
    """Return the check that the first argument is a descriptor; the kernel takes its lower half."""
    return [
        _line(_LOAD, _ARGUMENTS_AT),
        _line(_EQUAL, wanted, 1, 0),
        _line(_RETURN, _DENY),
    ]


def _line(code: int, operand: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, operand)
