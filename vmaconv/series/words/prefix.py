# SPDX-License-Identifier: GPL-2.0-only
"""The words before a subject's text: `mm/hugetlb:`, `drm/xe:`, `ALSA: pcm:`.

In: a file's path and the subjects of its latest commits.  Out: a `Prefix`.

A tree's own history says it best; where it says nothing, the path does, by the habits of the
kernel's subsystems.  History also tells whether the first word after the prefix has a capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

#: A part of a prefix: words joined without a blank, or by commas (`mm, hugetlb`).
_PART = r"[A-Za-z0-9_](?:[\w./+*-]|\{[\w,./-]+\})*(?:, ?[\w./+*-]+)*"
_PREFIX = late_regex(
    rf"(?P<prefix>(?:{_PART}: )+(?:\([\w./+-]+\) (?=[A-Z])|[\w./+-]+ - )?)(?P<text>\S.*)"
)
_NOT_PREFIXES = late_regex(r"revert\b|merge\b|treewide: |tree-wide: |linux\b|fix(es|up)?: ", re.I)
#: Prefixes of whole folders, from the most special to the most general; `\1` is a matched part.
_BY_PATH: tuple[tuple[str, str], ...] = (
    (r"arch/um/", "um"),
    (r"arch/arm/mach-([\w-]+)/", r"ARM: \1"),
    (r"arch/arm/", "ARM"),
    (r"arch/arc/", "ARC"),
    (r"arch/loongarch/", "LoongArch"),
    (r"arch/mips/", "MIPS"),
    (r"arch/powerpc/kvm/", "KVM: PPC"),
    (r"arch/([\w-]+)/kvm/", r"KVM: \1"),
    (r"arch/s390/", "s390"),
    (r"arch/(arm64|powerpc|x86)/mm/", r"\1/mm"),
    (r"arch/([\w-]+)/mm/", r"\1: mm"),
    (r"arch/([\w-]+)/", r"\1"),
    (r"virt/kvm/", "KVM"),
    (r"sound/soc/(?:codecs/)?([\w-]+)", r"ASoC: \1"),
    (r"sound/(?:\w+/)*([\w-]+)", r"ALSA: \1"),
    (r"drivers/gpu/drm/(?:amd/)(\w+)/", r"drm/\1"),
    (r"drivers/gpu/drm/([\w-]+)/", r"drm/\1"),
    (r"drivers/gpu/drm/(drm_)?(\w+)\.", r"drm/\2"),
    (r"drivers/media/(?:[\w-]+/)*([\w-]+)", r"media: \1"),
    (r"drivers/staging/([\w-]+)/", r"staging: \1"),
    (r"drivers/usb/([\w-]+)/", r"usb: \1"),
    (r"drivers/infiniband/hw/([\w-]+)/", r"RDMA/\1"),
    (r"drivers/infiniband/(?:sw|ulp)/([\w-]+)/", r"RDMA/\1"),
    (r"drivers/infiniband/", "RDMA/core"),
    (r"drivers/net/wireless/(?:\w+/)*(\w+)/", r"wifi: \1"),
    (r"drivers/net/ethernet/(?:[\w-]+/)*([\w-]+)", r"net: \1"),
    (r"drivers/net/([\w-]+)", r"net: \1"),
    (r"drivers/scsi/([\w-]+)", r"scsi: \1"),
    (r"drivers/target/", "scsi: target"),
    (r"drivers/xen/", "xen"),
    (r"drivers/video/fbdev/", "fbdev"),
    (r"drivers/hwtracing/([\w-]+)/", r"\1"),
    (r"drivers/dax/", "dax"),
    (r"drivers/char/([\w-]+)", r"char: \1"),
    (r"drivers/misc/([\w-]+)", r"misc: \1"),
    (r"drivers/acpi/", "ACPI"),
    (r"drivers/android/", "binder"),
    (r"drivers/crypto/([\w-]+)", r"crypto: \1"),
    (r"drivers/dma/([\w-]+)", r"dmaengine: \1"),
    (r"drivers/hsi/", "HSI"),
    (r"drivers/pci/", "PCI"),
    (r"drivers/([\w-]+)/([\w-]+)/", r"\1/\2"),
    (r"drivers/([\w-]+)/", r"\1"),
    (r"fs/nfs/", "NFS"),
    (r"fs/smb/(client|server|common)/", r"smb: \1"),
    (r"fs/(ntfs3|resctrl)/", r"fs/\1"),
    (r"fs/([\w-]+)/", r"\1"),
    (r"fs/([\w-]+)\.", r"fs/\1"),
    (r"net/([\w-]+)/", r"net/\1"),
    (r"net/", "net"),
    (r"mm/([\w-]+)/", r"mm/\1"),
    (r"mm/([\w-]+)\.", r"mm/\1"),
    (r"kernel/trace/", "tracing"),
    (r"kernel/([\w-]+)/", r"\1"),
    (r"kernel/([\w-]+)\.", r"\1"),
    (r"ipc/", "ipc"),
    (r"security/([\w-]+)/", r"\1"),
    (r"lib/([\w-]+)", r"lib/\1"),
    (r"tools/testing/selftests/([\w-]+)/", r"selftests/\1"),
    (r"tools/testing/([\w-]+)/", r"tools/testing/\1"),
    (r"tools/([\w-]+)/", r"tools/\1"),
    (r"include/linux/mm[\w-]*\.h", "mm"),
    (r"include/asm-generic/", "asm-generic"),
    (r"include/(?:\w+/)*([\w-]+)\.h", r"\1"),
    (r"Documentation/(?:\w+/)*([\w-]+)", r"docs: \1"),
    (r"samples/", "samples"),
    (r"scripts/", "scripts"),
    (r"rust/", "rust"),
    (r"([\w.-]+)/", r"\1"),
)
#: Part of the files that must agree before their prefix stands for all.
_ENOUGH = 0.5
#: Top folders whose names are prefixes by themselves.
_SPOKEN_TOPS = frozenset({"block", "fs", "ipc", "kernel", "lib", "mm", "net", "samples", "virt"})
#: What the kernel calls a change all over the tree.
TREEWIDE = "treewide"


class Prefix(Struct, frozen=True):
    """A subject's prefix as it is printed, with its colon, and whether text follows in capitals.

    `dash` and bracket forms (`Input: foo -`, `hwmon: (foo)`) have no colon at the end.
    """

    text: str
    capital: bool = False

    def subject(self, words: str) -> str:
        """Put a text after the prefix.

        >>> Prefix("mm:").subject("Use bits")
        'mm: use bits'
        """
        first = words[:1].upper() if self.capital else words[:1].lower()
        # A name such as VM_SHARED or vma->x keeps its case.
        word = words.split(" ", 1)[0]
        keeps = any(char.isupper() or not char.isalpha() for char in word[1:])
        return f"{self.text} {words if keeps else first + words[1:]}"


def split_subject(subject: str) -> tuple[str, str] | None:
    """Split a subject into prefix and text, None where it has no prefix.

    >>> split_subject("ALSA: hda/realtek: Add quirk")
    ('ALSA: hda/realtek:', 'Add quirk')
    """
    if _NOT_PREFIXES.match(subject):
        return None
    match = _PREFIX.fullmatch(subject)
    return (match["prefix"].rstrip(), match["text"]) if match else None


def prefix_from_history(subjects: Sequence[str]) -> Prefix | None:
    """Return the prefix that most of a file's latest commits have, the newest of equals."""
    split = [parts for subject in subjects if (parts := split_subject(subject))]
    if not split:
        return None
    counts = Counter(prefix for prefix, _ in split)
    best = max(counts, key=lambda prefix: counts[prefix])
    texts = [text for prefix, text in split if prefix == best]
    capitals = sum(text[0].isupper() and not text[1:2].isupper() for text in texts)
    return Prefix(best, capitals * 2 > len(texts))


def prefix_from_path(path: str) -> Prefix:
    """Return the prefix that a file's place in the tree suggests.

    >>> prefix_from_path("fs/hugetlbfs/inode.c").text
    'hugetlbfs:'
    """
    for pattern, words in _BY_PATH:
        match = re.match(pattern, path)
        if match:
            return Prefix(match.expand(words) + ":")
    name = path.rpartition("/")[2].partition(".")[0]
    return Prefix((name or TREEWIDE) + ":")


def prefix_for(
    paths: Sequence[str], history: Mapping[str, Sequence[str]], subsystem: str = ""
) -> Prefix:
    """Return one prefix for the files of a patch.

    Files that agree have theirs; else what all prefixes begin with (`mm/a:` and `mm/b:` make
    `mm:`), else a word of the subsystem's title that all paths hold, else what most have, else
    the one or two top folders that all are in (`fs, mm:`), else `treewide:`.
    """
    found = [prefix_from_history(history.get(path, ())) or prefix_from_path(path) for path in paths]
    counts = Counter(prefix.text for prefix in found)
    best, count = max(counts.items(), key=lambda item: item[1])
    capital = sum(prefix.capital for prefix in found) * 2 > len(found)
    if len(counts) == 1:
        return Prefix(best, capital)
    shared = _shared_start(list(counts)) or _shared_word(paths, subsystem)
    if not shared and count > len(paths) * _ENOUGH:
        return Prefix(best, capital)
    return Prefix((shared or _tops(paths) or TREEWIDE) + ":", capital)


def _tops(paths: Sequence[str]) -> str:
    """Return the one or two top folders of all paths, where their names are spoken: `fs, mm`."""
    tops = sorted({path.partition("/")[0] for path in paths})
    return ", ".join(tops) if len(tops) < 3 and _SPOKEN_TOPS.issuperset(tops) else ""


def _shared_word(paths: Sequence[str], subsystem: str) -> str:
    """Return the title's word that all paths hold: `hugetlb` in HUGETLB SUBSYSTEM."""
    words = [word for word in re.findall(r"[a-z0-9_]+", subsystem.lower()) if len(word) > 2]
    return next((word for word in words if all(word in path.lower() for path in paths)), "")


def _shared_start(prefixes: Sequence[str]) -> str:
    """Return what prefixes share, in whole parts between `/` and `: `."""
    split = [re.split(r"(: |/)", prefix.rstrip(":")) for prefix in prefixes]
    shared: list[str] = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "".join(shared).rstrip(": /")
