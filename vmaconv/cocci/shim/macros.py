# SPDX-License-Identifier: GPL-2.0-only
"""Know macros by name, for the places where their context does not tell.

In:   the directives of a text, and what the caller knows.
Out:  `MacroNames`, and the token kinds that follow from them.
Left to others: recognition by context, which comes first wherever it can (`attributes`,
`statements`, `definitions`, `arguments`).

The lists name attributes that are defined in include/linux/{compiler_attributes,compiler_types,
init,cache,linkage,kprobes,...}.h and beside them; an attribute that starts with two underscores
and stands between a type and a name is seen without them.
"""

from functools import lru_cache

from msgspec import Struct

from vmaconv.cocci.text.c_lexer import Directive
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import WordKinds

_ATTRIBUTES = frozenset(
    b"""
    __always_inline __restrict __const __volatile __volatile__ __signed__ _Thread_local
    __init __exit __initdata __initconst __exitdata __exitconst __ref __refdata __refconst
    __meminit __meminitdata __meminitconst __cpuinit __devinit __net_init __net_exit
    __net_initdata __sched __kprobes __lockfunc __irq_entry __softirq_entry __exception_irq_entry
    __noinstr_section noinstr nokprobe_inline __cpuidle __entry_text __init_memblock
    __initdata_memblock __init_or_module __initdata_or_module __initconst_or_module
    __init_or_acpilib __initdata_or_acpilib __initdata_or_meminfo __latent_entropy
    __user __kernel __iomem __percpu __rcu __force __nocast __bitwise __private __safe
    __must_check __maybe_unused __always_unused __used __weak __visible __cold __hot __pure
    __attribute_const__ __const__ __malloc __noreturn __deprecated __packed __naked __flatten
    __gnu_inline __noclone __noscs __nocfi __notrace_funcgraph __retain __copy __overloadable
    __designated_init __no_randomize_layout __randomize_layout __randomize_layout_first
    __uninitialized __data_racy __signed_wrap __nonstring __nonstring_array __transparent_union
    __no_caller_saved_registers __no_profile __no_kasan __no_kcsan __no_kmsan_checks
    __no_kstack_erase __no_sanitize_address __no_sanitize_coverage __no_sanitize_memory
    __no_sanitize_thread __no_sanitize_undefined __no_sanitize_or_inline __no_kasan_or_inline
    __no_kcsan_or_inline __no_stack_protector __disable_sanitizer_instrumentation
    __inline_maybe_unused __preserve_most __efiapi __tracepoint_string __function_aligned
    __read_mostly __ro_after_init __nosavedata __page_aligned_data __page_aligned_bss
    __cacheline_aligned __cacheline_aligned_in_smp ____cacheline_aligned
    ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp __aligned_largest
    __percpu_seg_override __seg_gs __seg_fs __bpf_kfunc
    __asmlinkage asmlinkage fastcall notrace noinline noinline_for_stack noinline_for_tracing
    noinline_for_kasan __noinline __forceinline INLINE STATIC_INLINE
    __ptr32 __ptr64 __iwram __xipram __tcmfunc __tcmdata __tcmlocalfunc __sram
    __attribute_pure__ __ostream_printf __must_be_signed __flexarr __capability
    UNUSED PACKED __init_thread_info __vdso_data
    ACPI_SYSTEM_XFACE ACPI_INTERNAL_VAR_XFACE ACPI_INTERNAL_XFACE ACPI_UNUSED_VAR EFIAPI
    """.split()
)
_ATTRIBUTES_WITH_ARGUMENTS = frozenset(
    b"""
    __printf __scanf __aligned __section __alias __acquires __releases __must_hold
    __acquires_shared __releases_shared __must_hold_shared __cond_acquires
    __cond_acquires_shared __no_context_analysis __guarded_by __pt_guarded_by
    __mode __counted_by __counted_by_le __counted_by_be __counted_by_ptr __alloc_size __realloc_size
    __assume_aligned __cleanup __free __class __no_sanitize __compiletime_error
    __compiletime_warning __diagnose_as __pass_object_size __pass_dynamic_object_size
    __designated_init __attribute_const __no_kasan
    __access __btf_tag BTF_TYPE_TAG __syscall_return __attr __alloc_align __nonnull
    __printf_like __fentry __arg_ctx __asm_alias __guarded __initcall_section __warn_unused
    ____aligned __counted __hidden_alias
    """.split()
)
# Types that start with two underscores, or are written in capitals, and are no attributes.
_RESERVED_TYPES = late_regex(
    rb"__(?:[us](?:8|16|32|64|128)|[bl]e(?:8|16|32|64)|virtio(?:16|32|64)|fs(?:16|32|64)"
    rb"|hc(?:16|32|64)|w?sum(?:16)?|builtin_\w+|va_list|poll_t|addrpair|portpair"
    rb"|int128|\w+_t)\Z"
)
_TYPE_NAME = late_regex(rb"[us](?:8|16|32|64|128)\Z|\w+_t\Z|(?:u|U)(?:char|short|int|long)\Z")
_ATTRIBUTE_LIKE = late_regex(rb"_{2,4}[A-Za-z]\w*\Z|[A-Z][A-Z0-9_]+\Z")

_DEFINE = late_regex(rb"#\s*define\s+([A-Za-z_]\w*)(\([^)]*\))?(?:\s|\\\n)*((?s:[^\n]*))")
_LOOP_BODY = late_regex(rb"(?:for|while)\s*\(|\w*(?:for_each|foreach)\w*\s*\(")
_ATTRIBUTE_BODY = late_regex(
    rb"(?:MACROANNOTATION|__attribute__|__declspec|(?:__)?inline|__always_inline|noinline|__used|__packed)\b"
)
_ITERATOR_LIKE = late_regex(rb"(?:\w+_)?(?:for_?each|FOR_?EACH)(?:_\w+)?\Z")


class MacroNames(Struct, frozen=True):
    """Names of macros that the caller knows, beyond those the shim knows itself.

    Attributes stand beside a declaration (`__init`), iterators before a statement
    (`list_for_each`), definers before a body (`SYSCALL_DEFINE3`), declarers before a semicolon
    (`DEFINE_MUTEX`).
    """

    attributes: frozenset[bytes] = frozenset()
    iterators: frozenset[bytes] = frozenset()
    definers: frozenset[bytes] = frozenset()
    declarers: frozenset[bytes] = frozenset()

    def __or__(self, other: "MacroNames") -> "MacroNames":
        return MacroNames(
            self.attributes | other.attributes,
            self.iterators | other.iterators,
            self.definers | other.definers,
            self.declarers | other.declarers,
        )

    def within(self, text: bytes) -> "MacroNames":
        """Return those of the names that stand in a text: no others change how it is read.

        >>> MacroNames(iterators=frozenset({b"each", b"all"})).within(b"each(x) f(x);").iterators
        frozenset({b'each'})
        """

        def held(names: frozenset[bytes]) -> frozenset[bytes]:
            return frozenset(name for name in names if name in text)

        return MacroNames(
            held(self.attributes),
            held(self.iterators),
            held(self.definers),
            held(self.declarers),
        )


def defined_names(text: bytes, directives: tuple[Directive, ...]) -> MacroNames:
    """Read attributes and iterators from a text's own `#define`s.

    `#define __mine __attribute__((packed))` and an empty `#define __other` give attributes,
    `#define each(p) for (...)` an iterator.
    """
    attributes: set[bytes] = set()
    iterators: set[bytes] = set()
    for directive in directives:
        if directive.kind != "define":
            continue
        match = _DEFINE.match(text, directive.start, directive.end)
        if match is None:
            continue
        name, parameters, body = match.groups()
        if parameters is not None and _LOOP_BODY.match(body):
            iterators.add(name)
        elif parameters is None and (_is_nothing(body) or _ATTRIBUTE_BODY.match(body)):
            attributes.add(name)
    return MacroNames(frozenset(attributes), frozenset(iterators))


def _is_nothing(body: bytes) -> bool:
    return not body or body.isspace() or body.startswith((b"/*", b"//"))


def kinds_with(names: MacroNames) -> WordKinds:
    """Return the kinds of tokens, as `tokenize` wants them, with attributes for what they are."""
    return _kinds_with(names.attributes)


@lru_cache(maxsize=8)
def _kinds_with(attributes: frozenset[bytes]) -> WordKinds:
    kinds = dict.fromkeys(_ATTRIBUTES | attributes, ord("a"))
    kinds.update(dict.fromkeys(_ATTRIBUTES_WITH_ARGUMENTS, ord("x")))
    return WordKinds(kinds)


def looks_like_attribute(name: bytes) -> bool:
    """Say if an unknown name reads like an attribute: `__foo` or `FOO`, but not `__le32`."""
    return _ATTRIBUTE_LIKE.match(name) is not None and not _RESERVED_TYPES.match(name)


def is_type_name(name: bytes) -> bool:
    """Say if a name is a type's by its spelling: `u32`, `pid_t`."""
    return _TYPE_NAME.match(name) is not None or _RESERVED_TYPES.match(name) is not None


def is_iterator_name(name: bytes, names: MacroNames) -> bool:
    """Say if a name is an iterator's, told or by its spelling (`list_for_each_entry`)."""
    return name in names.iterators or _ITERATOR_LIKE.match(name) is not None
