# SPDX-License-Identifier: GPL-2.0-only
"""The grammar of `word_programs`: C that asks, hands on and changes a mapping's flags.

In: a seed. Out: a C file over the headers of `fixtures/kernel-7`, in which each function's result tells
what it saw of the flags, and how often it changed those of a mapping that was not locked.
"""

from __future__ import annotations

import random
import re

FUNCTIONS = 14
"""How many functions of a program are run: random0() and so on."""

PLAIN = [
    "VM_READ",
    "VM_WRITE",
    "VM_EXEC",
    "VM_SHARED",
    "VM_MAYWRITE",
    "VM_PFNMAP",
    "VM_IO",
    "VM_LOCKED",
    "VM_DONTEXPAND",
    "VM_HUGETLB",
]
NAMED = ["VM_ACCESS_FLAGS", "VM_SPECIAL", "VM_LOCKED_MASK", "OWN_MASK", "OWN_ONE", "OWN_MIXED"]
OPTIONAL = [
    "VM_SHADOW_STACK",
    "VM_GROWSUP",
    "VM_DROPPABLE",
    "VM_SOFTDIRTY",
    "VM_SEALED",
    "VM_UFFD_MINOR",
    "VM_STACK",
]
HEAD = """\
// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

#define OWN_MASK (VM_READ | VM_MAYWRITE)
#define OWN_ONE VM_EXEC
#define OWN_MIXED (VM_IO | VM_SHADOW_STACK)
#define HAS(v, f) ((v)->vm_flags & (f))
#define HAS_IO(v) ((v)->vm_flags & VM_IO ? 1 : 0)

struct holder {
	struct vm_area_struct vma;
	struct vm_area_struct *vmas[2];
};

struct request {
	vm_flags_t vm_flags;
	int (*check)(vm_flags_t flags);
};

static int as_bool(bool yes)
{
	return yes ? 3 : 5;
}

static int as_word(unsigned long word)
{
	return (int)(word ^ word >> 7) & 1023;
}

static struct vm_area_struct *counted(struct vm_area_struct *vma, int *n)
{
	++*n;
	return vma;
}

static void unlock(struct vm_area_struct *vma)
{
	vma->vm_lock_seq = 7;
}

static int let_go(struct vm_area_struct *vma)
{
	unlock(vma);
	return 1;
}
"""


class Grammar:
    """One random program."""

    def __init__(self, seed: int) -> None:
        self.rnd = random.Random(seed)
        self.static: list[str] = []
        """Functions that take or give flags: name, and what kind it is."""

    def one_of(self, *choices: str) -> str:
        return self.rnd.choice(choices)

    def chance(self, of_ten: int) -> bool:
        return self.rnd.randrange(10) < of_ten

    def flag(self) -> str:
        return self.rnd.choice(OPTIONAL if self.chance(2) else PLAIN)

    def mask(self) -> str:
        """Return an operand of `&`: one flag, several, a named mask, or a mixture."""
        kind = self.rnd.randrange(12)
        if kind < 5:
            return self.flag()
        if kind < 6:
            return self.rnd.choice(NAMED)
        if kind < 7:
            return f"({self.rnd.choice(NAMED)} | {self.flag()})"
        if kind < 8:
            return self.one_of(
                "(VM_READ | VM_WRITE | VM_EXEC | VM_IO) & ~VM_WRITE", "~VM_READ", "m"
            )
        return "(" + " | ".join(self.flag() for _ in range(self.rnd.randrange(2, 4))) + ")"

    def vma(self) -> str:
        return self.one_of(
            *["vma"] * 6, "w", "w", "(&copy)", "fault.vma", "holder.vmas[1]", "(*vmas)"
        )

    def word(self) -> str:
        kind = self.rnd.randrange(16)
        if kind < 10:
            return f"{self.vma()}->vm_flags"
        return self.one_of(
            "copy.vm_flags",
            "holder.vma.vm_flags",
            "(*vma).vm_flags",
            "READ_ONCE(vma->vm_flags)",
            "flags",
            "counted(vma, &seen)->vm_flags",
        )

    def test(self) -> str:
        """Return an expression whose truth is asked."""
        word, mask = self.word(), self.mask()
        masked = f"{word} & {mask}" if self.chance(9) else f"{mask} & {word}"
        kind = self.rnd.randrange(14)
        if kind < 4:
            return f"({masked})"
        if kind < 6:
            return self.one_of("!", "!!") + f"({masked})"
        if kind < 8:
            return f"(({masked}) {self.one_of('==', '!=')} {mask})"
        if kind < 9:
            return f"(({masked}) {self.one_of('==', '!=')} {self.mask()})"
        if kind < 10:
            return f"(({masked}) {self.one_of('==', '!=', '>')} 0)"
        if kind < 11:
            return f"{self.one_of('likely', 'unlikely')}({masked})"
        return self.one_of(
            f"HAS({self.one_of('vma', 'w', '&copy')}, {mask})",
            "HAS_IO(vma)",
            "is_cow_mapping(vma->vm_flags)",
            f"({word} & {self.flag()}) {self.one_of('==', '!=')} (w->vm_flags & {self.flag()})",
            f"(vma->vm_flags {self.one_of('==', '!=')} w->vm_flags)",
            f"(flags {self.one_of('==', '!=')} vma->vm_flags)",
            f"!{word}",
            "let_go(vma)",
            "(vma = w)",
        )

    def compared(self) -> str:
        """Return a comparison without parentheses of its own."""
        return f"({self.word()} & {self.mask()}) {self.one_of('==', '!=')} {self.mask()}"

    def condition(self, depth: int = 2) -> str:
        kind = self.rnd.randrange(10) if depth else 0
        if kind < 6:
            return self.test()
        if kind < 7:
            operator = self.one_of(" && ", " || ")
            return f"({operator.join([self.compared(), self.test(), self.compared()])})"
        inner = self.condition(depth - 1)
        if kind < 9:
            other = self.condition(depth - 1)
            return f"({inner} {self.one_of('&&', '||')} {other})"
        return f"({inner} ? {self.condition(depth - 1)} : {self.condition(depth - 1)})"

    def value(self) -> str:
        """Return an expression whose value counts."""
        masked = f"{self.word()} & {self.mask()}"
        return self.one_of(
            f"as_word({masked})",
            f"as_bool({masked})",
            f"as_bool({self.condition()})",
            f"(int)(({masked}) >> 1 & 63)",
            f"({self.condition()} ? 1 : 2)",
            f"as_word({masked} ? 4 : 9)",
            f"as_word(~{self.word()} & {self.mask()})",
            f"as_word((vma->vm_flags ^ w->vm_flags) & {self.mask()})",
            f"(int)!!({masked})",
            f"(int)vm_get_page_prot({self.word()}).pgprot",
            f"as_word({self.word()})",
            f"(mm->def_flags & {self.mask()} ? 1 : 2)",
            f"as_bool({self.one_of('req.vm_flags', 'rp->vm_flags')} & {self.mask()})",
            f"as_word({self.one_of('req.vm_flags', 'rp->vm_flags')} & {self.mask()})",
            f"rp->check({self.handed('flags')})",
            f"checked({self.handed('flags')})",
            *(f"{name}({self.handed(kind)})" for kind, name in self.takers()),
        )

    def takers(self) -> list[tuple[str, str]]:
        found = [one.split() for one in self.static if not one.startswith("result")]
        return [(kind, name) for kind, name in found] or [("flags", "as_word")]

    def handed(self, kind: str) -> str:
        """Return arguments for one of the functions before."""
        if kind == "pointer":
            return "vma, &flags"
        return self.one_of(
            "vma->vm_flags",
            "vma->vm_flags",
            "flags",
            "w->vm_flags",
            f"vma->vm_flags & {self.mask()}",
            f"vma->vm_flags & ~{self.flag()}",
            f"vma->vm_flags | {self.flag()}",
            f"{self.flag()} | {self.flag()}",
            "0",
        )

    def setter(self) -> str:
        vma = self.one_of("vma", "vma", "vma", "w", "&copy", "fault.vma", "counted(vma, &seen)")
        masks = ["m"] if self.chance(1) else [self.mask(), self.mask()]
        masks = [mask for mask in masks if "~" not in mask] or ["VM_IO"]
        name = self.one_of("set", "clear", "mod")
        if name == "mod":
            return f"vm_flags_mod({vma}, {masks[0]}, {masks[-1]});"
        return f"vm_flags_{name}({vma}, {masks[0]});"

    def statement(self, depth: int) -> list[str]:
        kind = self.rnd.randrange(20)
        if kind < 6 or not depth:
            return [self.setter()] if self.chance(5) else [f"n = n * 3 + {self.value()};"]
        if kind < 8:
            return [self.setter() for _ in range(self.rnd.randrange(2, 4))]
        if kind < 9:
            asked = self.one_of("n & 1", "!fuel", "flags & VM_IO", self.condition(1))
            return [self.setter(), f"if ({asked})", f"\t{self.setter()}"]
        if kind < 10:
            return [self.one_of("unlock(vma);", "vma_start_write(vma);", "vma = w;")]
        if kind < 11:
            operation = self.one_of("flags |= {};", "flags &= ~{};", "flags = w->vm_flags & ~{};")
            return [operation.format(self.flag() if self.chance(6) else "(VM_READ | VM_IO)")]
        inner = [f"\t{line}" for line in self.statement(depth - 1)]
        if kind < 14:
            lines = self.braced(f"if ({self.condition()})", inner)
            if self.chance(4):
                other = [f"\t{line}" for line in self.statement(depth - 1)]
                tail = self.braced("else", other)
                if lines[-1] == "}":
                    lines[-1:] = ["} " + tail[0]] + tail[1:]
                else:
                    lines += tail
            return lines
        if kind < 15:
            return self.braced(
                f"for (i = 0; fuel-- > 0 && i < 2 && {self.condition()}; i++)", inner
            )
        if kind < 16:
            head = f"switch ({self.word()} & {self.mask()}) {{"
            return [head, "case VM_READ:", *inner, "\tbreak;", "default:", "\tn++;", "}"]
        if kind < 17:
            symbol = self.one_of(
                "MMU", "64BIT", "X86_USER_SHADOW_STACK", "MEM_SOFT_DIRTY", "PARISC"
            )
            lines = [f"#ifdef CONFIG_{symbol}", *self.statement(depth - 1)]
            if self.chance(4):
                lines += ["#else", *self.statement(depth - 1)]
            return [*lines, "#endif"]
        if kind < 18:
            decl = self.one_of("bool yes", "int yes", "unsigned long yes", "vm_flags_t yes")
            use = self.one_of("if (yes)\n\t\tn++;", "n += yes ? 1 : 2;", "n += as_word(yes);")
            start = self.one_of(f"{self.word()} & {self.mask()}", self.condition())
            return ["{", f"\t{decl} = {start};", "", *(f"\t{one}" for one in use.split("\n")), "}"]
        if kind < 19:
            return [
                "do {",
                *inner,
                f"}} while (fuel-- > 0 && {self.condition()});",
            ]
        if self.chance(5):
            return [
                self.one_of(
                    f"req.vm_flags = {self.handed('flags')};",
                    f"rp->vm_flags |= {self.flag()};",
                    f"req.vm_flags &= ~({self.flag()} | {self.flag()});",
                    f"mm->def_flags |= {self.flag()};",
                    f"mm->def_flags &= ~{self.flag()};",
                    "mm->def_flags = 0;",
                    f"mm->def_flags = mm->def_flags & {self.flag()};",
                    f"mm->def_flags = old_mm.def_flags & ({self.flag()} | {self.flag()});",
                    "old_mm.def_flags = mm->def_flags;",
                    "flags |= mm->def_flags;",
                    "rp->check = vma->vm_flags & VM_IO ? checked : taken;",
                )
            ]
        return [
            f"vm_flags_init(&copy, {self.one_of('vma->vm_flags', 'flags', 'VM_READ | VM_IO', '0')});"
        ]

    @staticmethod
    def braced(head: str, inner: list[str]) -> list[str]:
        simple = len(inner) == 1 and not inner[0].lstrip().startswith("#")
        return [head, *inner] if simple else [f"{head} {{", *inner, "}"]

    def body(self, depth: int, count: int) -> list[str]:
        lines: list[str] = []
        for _ in range(count):
            lines += self.statement(depth)
        return [line if line.startswith("#") else "\t" + line for line in self.flat(lines)]

    @staticmethod
    def flat(lines: list[str]) -> list[str]:
        """Return lines with directives at the margin."""
        return [line.lstrip("\t") if line.lstrip().startswith("#") else line for line in lines]

    LOCALS = """\
	struct vm_area_struct copy = *vma, other = { }, *w = &other, **vmas = &w;
	struct holder holder = { .vma = *vma, .vmas = { vma, vma } };
	struct vm_fault fault = { .vma = vma };
	struct mm_struct own_mm = { }, old_mm = { }, *mm = &own_mm;
	struct request req = { .check = taken }, *rp = &req;
	vm_flags_t flags = vma->vm_flags;
	unsigned long m = VM_READ | VM_SHARED;
	int n = 0, i = 0, seen = 0, fuel = 20;
"""

    def taker(self, name: str, kind: str = "") -> str:
        """Return a static function that takes flags."""
        kind = kind or self.one_of("flags", "flags", "pointer", "result")
        lines: list[str] = []
        value = "*flags" if kind == "pointer" else "flags"
        for _ in range(self.rnd.randrange(1, 5)):
            # A variable of the functions below.
            mask = one if (one := self.mask()) != "m" else "VM_IO"
            test = self.one_of(
                f"{value} & {mask}",
                f"!({value} & {mask})",
                f"({value} & {mask}) == {mask}",
                f"({value} & {mask}) != {self.flag()}",
                f"!{value}",
                f"is_cow_mapping({value})",
            )
            act = self.one_of(
                "n++",
                f"{value} |= {self.flag()}",
                f"{value} &= ~{self.flag()}",
                f"{value} &= ~({self.flag()} | {self.flag()})",
                f"{value} = {self.flag()} | {self.flag()}",
                f"{value} = 0",
                "n += 2",
            )
            lines += [f"\tif ({test})\n\t\t{act};" if self.chance(8) else f"\t{act};"]
        body = "\n".join(lines)
        self.static.append(f"{kind} {name}")
        if kind == "result":
            return (
                f"static vm_flags_t {name}(vm_flags_t flags)\n{{\n\tint n = 0;\n\n{body}\n"
                f"\tif (n > 2)\n\t\treturn {self.flag()};\n\treturn flags;\n}}\n"
            )
        first = (
            "struct vm_area_struct *vma, vm_flags_t *flags"
            if kind == "pointer"
            else "vm_flags_t flags"
        )
        return f"static int {name}({first})\n{{\n\tint n = 0;\n\n{body}\n\treturn n;\n}}\n"

    def function(self, name: str) -> str:
        lines = self.body(3, self.rnd.randrange(2, 6))
        results = [one.split()[1] for one in self.static if one.startswith("result")]
        if results and self.chance(5):
            lines.append(f"\tflags = {self.rnd.choice(results)}({self.handed('flags')});")
            lines.append(
                "\tvm_flags_init(vma, flags);"
                if self.chance(5)
                else "\tn += flags & VM_IO ? 1 : 0;"
            )
        body = "\n".join(lines)
        head = f"int {name}(struct vm_area_struct *vma)\n{{\n{self.LOCALS}\n"
        counted = "n + seen + as_word(w->vm_flags) + as_word(copy.vm_flags)"
        kept = "as_word(own_mm.def_flags + old_mm.def_flags + req.vm_flags)"
        unlocked = "(copy.vm_unlocked + other.vm_unlocked) * 100000"
        return f"{head}{body}\n\tn += {unlocked};\n\treturn {counted} + {kept};\n}}\n"

    def program(self) -> str:
        parts = [HEAD, self.taker("checked", "flags"), self.taker("taken", "flags")]
        parts += [self.taker(f"taker{i}") for i in range(4)]
        parts += [self.function(f"random{i}") for i in range(FUNCTIONS)]
        return "\n".join(
            re.sub(
                r"\bstatic (int|vm_flags_t) (taker|checked|taken)",
                r"static __maybe_unused \1 \2",
                one,
            )
            for one in parts
        )
