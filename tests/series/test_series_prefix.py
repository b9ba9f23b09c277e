# SPDX-License-Identifier: GPL-2.0-only
"""Prefixes of subjects, from history and from paths; the words after them."""

from __future__ import annotations

import pytest

from vmaconv.series.change import FileChange
from vmaconv.series.series_error import BadMessage
from vmaconv.series.words.message import SUBJECT_WIDTH, Trailer
from vmaconv.series.words.prefix import (
    Prefix,
    prefix_for,
    prefix_from_history,
    prefix_from_path,
    split_subject,
)
from vmaconv.series.words.wording import Purpose, Wishes, quote, write_message


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("mm: fix it", ("mm:", "fix it")),
        ("mm/hugetlb: fix it", ("mm/hugetlb:", "fix it")),
        ("ALSA: hda/realtek: Add quirk", ("ALSA: hda/realtek:", "Add quirk")),
        ("net: ethernet: mtk_eth_soc: x", ("net: ethernet: mtk_eth_soc:", "x")),
        ("mm, slub: x", ("mm, slub:", "x")),
        ("Input: atmel_mxt_ts - do it", ("Input: atmel_mxt_ts -", "do it")),
        ("hwmon: (nct6775) Fix it", ("hwmon: (nct6775)", "Fix it")),
        ("dt-bindings: net: x", ("dt-bindings: net:", "x")),
        ("x86/{mm,cpu}: x", ("x86/{mm,cpu}:", "x")),
        ("No prefix here", None),
        ("Fix the case: it was wrong", None),
        ('Revert "mm: x"', None),
        ("Merge branch 'x' of git: y", None),
        ("treewide: x", None),
        ("Linux 6.19", None),
    ],
)
def test_split_subject(subject: str, wanted: tuple[str, str] | None) -> None:
    assert split_subject(subject) == wanted


def test_history_gives_what_is_used_most_with_its_case() -> None:
    subjects = ["mm/vma: x", "drm/xe: Fix a", "Merge x", "drm/xe: Add b", "drm/xe/vm: Do"]
    assert prefix_from_history(subjects) == Prefix("drm/xe:", capital=True)
    assert prefix_from_history(["a: x", "b: x"]) == Prefix("a:")
    assert prefix_from_history(["mm: VMA fix", "mm: VM_X is gone"]) == Prefix("mm:")
    assert prefix_from_history(["Merge", "words"]) is None
    assert prefix_from_history([]) is None


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("mm/util.c", "mm/util:"),
        ("mm/damon/core.c", "mm/damon:"),
        ("fs/hugetlbfs/inode.c", "hugetlbfs:"),
        ("fs/smb/client/file.c", "smb: client:"),
        ("fs/aio.c", "fs/aio:"),
        ("drivers/gpu/drm/xe/xe_vm.c", "drm/xe:"),
        ("drivers/gpu/drm/amd/amdgpu/x.c", "drm/amdgpu:"),
        ("arch/x86/mm/fault.c", "x86/mm:"),
        ("arch/riscv/mm/fault.c", "riscv: mm:"),
        ("arch/mips/mm/fault.c", "MIPS:"),
        ("arch/powerpc/kvm/book3s_hv.c", "KVM: PPC:"),
        ("arch/riscv/kvm/mmu.c", "KVM: riscv:"),
        ("drivers/dma/idxd/cdev.c", "dmaengine: idxd:"),
        ("drivers/pci/p2pdma.c", "PCI:"),
        ("include/asm-generic/tlb.h", "asm-generic:"),
        ("arch/arm64/kernel/x.c", "arm64:"),
        ("sound/soc/codecs/wm8731.c", "ASoC: wm8731:"),
        ("sound/core/pcm_native.c", "ALSA: pcm_native:"),
        ("kernel/events/core.c", "events:"),
        ("include/linux/mm_types.h", "mm:"),
        ("Makefile", "Makefile:"),
        ("virt/kvm/kvm_main.c", "KVM:"),
    ],
)
def test_paths(path: str, wanted: str) -> None:
    assert prefix_from_path(path).text == wanted


@pytest.mark.parametrize(
    ("paths", "subsystem", "wanted"),
    [
        (["mm/vma.c", "mm/util.c"], "", "mm:"),
        (["fs/nfs/file.c", "fs/nfs/internal.h"], "", "NFS:"),
        (["fs/hugetlbfs/inode.c", "mm/hugetlb.c"], "HUGETLB SUBSYSTEM", "hugetlb:"),
        (["mm/vma.c", "fs/nfs/a.c", "fs/nfs/b.c"], "", "NFS:"),
        (["fs/nfs/a.c", "fs/afs/b.c"], "", "fs:"),
        (["fs/afs/b.c", "mm/vma.c"], "", "fs, mm:"),
        (["drivers/dax/a.c", "fs/afs/b.c"], "", "treewide:"),
    ],
)
def test_several_files(paths: list[str], subsystem: str, wanted: str) -> None:
    assert prefix_for(paths, {}, subsystem).text == wanted


def test_history_wins_over_paths() -> None:
    history = {"mm/vma.c": ("mm: one", "mm: two"), "mm/util.c": ("mm: three",)}
    assert prefix_for(["mm/vma.c", "mm/util.c"], history).text == "mm:"


def test_capitals_follow_the_house() -> None:
    assert Prefix("drm/xe:", capital=True).subject("use bits") == "drm/xe: Use bits"
    assert Prefix("mm:").subject("Use bits") == "mm: use bits"
    assert Prefix("mm:").subject("VM_SHARED goes") == "mm: VM_SHARED goes"
    assert Prefix("x:", capital=True).subject("vma->flags goes") == "x: vma->flags goes"


def change(*notes: str) -> FileChange:
    return FileChange("mm/util.c", b"a", b"b", notes=notes)


PURPOSE = Purpose("Use bits for the flags of a descriptor", "There are too few.", "the tool 1.0")


def test_the_purpose_is_the_subject_and_the_note_the_what() -> None:
    note = "Test flags by bit.\n\nSo it is."
    message = write_message([change(note)], Prefix("mm:"), PURPOSE, Wishes())
    assert message.subject == "mm: use bits for the flags of a descriptor"
    assert message.body == (
        "There are too few.\n\nTest flags by bit.\n\nSo it is.\n\n"
        "The change was made with the tool 1.0."
    )


def test_without_a_purpose_the_first_note_that_fits_is_the_subject() -> None:
    notes = ("Set flags " + "x" * 70, "Test flags by bit")
    message = write_message([change(*notes)], Prefix("mm:"), Purpose(""), Wishes())
    assert message.subject == "mm: test flags by bit"


def test_several_notes_are_listed_under_the_purpose() -> None:
    changes = [change("Set flags by bit", "Test flags by bit"), change("Set flags by bit")]
    message = write_message(changes, Prefix("mm:"), PURPOSE, Wishes())
    assert message.subject == "mm: use bits for the flags of a descriptor"
    assert "\n\n- Set flags by bit.\n- Test flags by bit.\n\n" in message.body
    assert message.body.count("Set flags by bit") == 1


def test_a_note_with_an_explanation_is_one_item_of_a_list() -> None:
    notes = ("Lock it\n\nThe helpers do not.", "Test flags by bit")
    message = write_message([change(*notes)], Prefix("mm:"), PURPOSE, Wishes())
    assert "\n\n- Lock it. The helpers do not.\n- Test flags by bit.\n\n" in message.body


def test_no_words_at_all_still_make_a_subject() -> None:
    message = write_message([change()], Prefix("mm:"), Purpose(""), Wishes())
    assert message.subject == "mm: convert by semantic patch" and message.body == ""


@pytest.mark.parametrize("extra", range(0, 60, 7))
def test_subjects_are_never_too_long_nor_left_hanging(extra: int) -> None:
    note = (
        "Replace the words of "
        + "x" * extra
        + " a descriptor by the bits of it for all of the users"
    )
    subject = write_message([change(note)], Prefix("mm/hugetlb:"), Purpose(""), Wishes()).subject
    assert len(subject) <= SUBJECT_WIDTH
    assert subject.split()[-1] not in {"of", "the", "for", "by", "a"}


def test_wishes_come_first() -> None:
    wishes = Wishes(
        "say it so", "My own words.", (Trailer("Link", "https://x"),), "@@\n@@\n- a\n+ b\n"
    )
    message = write_message([change("x")], Prefix("mm:"), PURPOSE, wishes)
    assert message.text() == (
        "mm: say it so\n\nMy own words.\n\n"
        "// <smpl>\n    @@\n    @@\n    - a\n    + b\n// </smpl>\n\nLink: https://x\n"
    )
    full = write_message([change("x")], Prefix("mm:"), PURPOSE, Wishes("fs: my prefix"))
    assert full.subject == "fs: my prefix"
    with pytest.raises(BadMessage):
        write_message([change("x")], Prefix("mm:"), PURPOSE, Wishes(subject=" "))


def test_a_quoted_rule_can_look_like_a_patch() -> None:
    rule = "--- a/x\n+++ b/x\ndiff -u\nIndex: x\n"
    message = write_message([change("x")], Prefix("mm:"), PURPOSE, Wishes(quoted=rule))
    assert quote(rule) in message.body
