# SPDX-License-Identifier: GPL-2.0-only
"""The hooks of real kernel trees: the count, and that nothing is converted that must stay.

`VMACONV_KERNEL` names a v6.19 tree; v7.3 is looked for beside it.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hook_trees import RECIPE
from kernels import beside

from vmaconv.hooks.hook import FILE_OPERATIONS
from vmaconv.hooks.hook_conversion import convert_hooks

MECHANICAL = frozenset(
    [
        "arc_hl_mmap",
        "kvm_spapr_tce_mmap",
        "spufs_mem_mmap",
        "spufs_cntl_mmap",
        "spufs_signal1_mmap",
        "spufs_signal2_mmap",
        "spufs_mss_mmap",
        "spufs_psmap_mmap",
        "spufs_mfc_mmap",
        "memtrace_mmap",
        "sgx_vepc_mmap",
        "pfrt_log_mmap",
        "uv_mmtimer_mmap",
        "cs_char_mmap",
        "mshv_vp_mmap",
        "mshv_vtl_mmap",
        "mshv_vtl_low_mmap",
        "bcm_vk_mmap",
        "vmclock_miscdev_mmap",
        "dax_devmap",
        "sg_mmap",
        "qcom_rmtfs_mem_mmap",
        "tee_shm_fop_mmap",
        "vduse_domain_mmap",
        "vhost_vdpa_mmap",
        "privcmd_mmap",
        "xenbus_backend_mmap",
        "xsd_kva_mmap",
        "gfs2_mmap",
        "udf_file_mmap",
        "sel_mmap_handle_status",
        "sel_mmap_policy",
        "snd_compr_mmap",
        "snd_disconnect_mmap",
        "kvm_gmem_mmap",
        "kvm_vcpu_mmap",
    ]
)
"""Handlers of v7.3-rc7 that reading finds mechanical; `afu_mmap` is one of dfl and one of ocxl."""

WITH_HELPERS = {
    "drivers/dma/idxd/cdev.c": "idxd_cdev_mmap",
    "drivers/misc/ocxl/file.c": "afu_mmap",
    "drivers/gpu/drm/amd/amdkfd/kfd_chardev.c": "kfd_mmap",
    "drivers/fpga/dfl-afu-main.c": "afu_mmap",
}


def test_v7_3_is_counted_and_nothing_wrong_is_converted() -> None:
    tree = beside("v7.3")
    if not tree.is_dir():
        pytest.skip("no v7.3 tree beside the one that VMACONV_KERNEL names")
    run = convert_hooks(tree, RECIPE)
    assert run.miscounted() == 0
    ours = [h for h in run.hooks if h.site.struct == FILE_OPERATIONS]
    assert (len(ours), run.count("other-struct")) == (123, 397)
    assert sum(h.site.handler != "NULL" for h in ours) == 119
    assert len({h.site.struct for h in run.hooks} - {FILE_OPERATIONS}) >= 24
    converted = [h for h in ours if h.outcome == "converted"]
    wrong = [
        f"{h.site.path}:{h.site.line}"
        for h in converted
        if h.site.handler not in MECHANICAL and WITH_HELPERS.get(h.site.path) != h.site.handler
    ]
    assert wrong == []
    assert len(converted) >= 33 + 3
    assert {h.site.path for h in converted} >= set(WITH_HELPERS)
    assert all(h.reason is not None for h in ours if h.outcome == "left")
    assert Counter(h.outcome for h in ours)["left"] == 123 - len(converted)


def test_v6_19_converts_nothing_that_a_reader_leaves() -> None:
    """The same hooks, with what that tree has: a word of flags, error_hook, no simple_ioremap."""
    tree = beside("v6.19")
    if not tree.is_dir():
        pytest.skip("no v6.19 tree beside the one that VMACONV_KERNEL names")
    run = convert_hooks(tree, RECIPE)
    assert run.miscounted() == 0
    converted = [h for h in run.hooks if h.outcome == "converted"]
    wrong = [
        f"{h.site.path}:{h.site.line}"
        for h in converted
        if h.site.handler not in MECHANICAL and WITH_HELPERS.get(h.site.path) != h.site.handler
    ]
    assert wrong == []
    assert len(converted) >= 33
