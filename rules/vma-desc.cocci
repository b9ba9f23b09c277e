// SPDX-License-Identifier: GPL-2.0-only
// Convert the flags of struct vm_area_desc from a word to a bitmap
//
// Subject: use the bitmap VMA flags of the descriptor
// Account: struct vm_area_desc.vm_flags
// Objects: D
//
// The flags of struct vm_area_desc, which a file's .mmap_prepare hook is handed, are moving from
// vm_flags, an unsigned long, to vma_flags, a bitmap, so that there can be more of them than an
// unsigned long has bits.
//
// Set, clear and test them through the bitmap's helpers. No functional change intended.

virtual v7_0
virtual v7_1
virtual by_value

// "flag", "flag list" and "flag mask" are kinds of metavariable that SmPL does not have (see "Flags in
// rules" in the README). They match VM_ masks and stand in plus code for VMA_ bits.

// Set and clear flags in a descriptor through its helpers
@change@
struct vm_area_desc *D;
flag mask M;
flag list F;
@@
(
- D->vm_flags |= M;
+ vma_desc_set_flags_mask(D, M);
|
- D->vm_flags |= F;
+ vma_desc_set_flags(D, F);
|
- D->vm_flags &= ~M;
+ vma_desc_clear_flags_mask(D, M);
|
- D->vm_flags &= ~F;
+ vma_desc_clear_flags(D, F);
)

// Test a descriptor for flags through its helpers, which take bits and give a bool
@test_v7_0 depends on v7_0 && !by_value@
struct vm_area_desc *D;
flag mask M;
flag F;
flag list FS;
@@
(
- (D->vm_flags & M) == M
+ vma_flags_test_all_mask(&D->vma_flags, M)
|
- (D->vm_flags & M) != M
+ !vma_flags_test_all_mask(&D->vma_flags, M)
|
- (D->vm_flags & M) == 0
+ !vma_flags_test_mask(&D->vma_flags, M)
|
- (D->vm_flags & M) != 0
+ vma_flags_test_mask(&D->vma_flags, M)
|
- (D->vm_flags & F) == F
+ vma_desc_test_flags(D, F)
|
- (D->vm_flags & F) != F
+ !vma_desc_test_flags(D, F)
|
- (D->vm_flags & FS) == FS
+ vma_flags_test_all(&D->vma_flags, FS)
|
- (D->vm_flags & FS) != FS
+ !vma_flags_test_all(&D->vma_flags, FS)
|
- (D->vm_flags & FS) == 0
+ !vma_desc_test_flags(D, FS)
|
- (D->vm_flags & FS) != 0
+ vma_desc_test_flags(D, FS)
)

// Test a descriptor for flags through its helpers, which take bits and give a bool
@test_by_value depends on by_value@
struct vm_area_desc *D;
flag mask M;
flag F;
flag list FS;
@@
(
- (D->vm_flags & M) == M
+ vma_flags_test_all_mask(D->vma_flags, M)
|
- (D->vm_flags & M) != M
+ !vma_flags_test_all_mask(D->vma_flags, M)
|
- (D->vm_flags & M) == 0
+ !vma_flags_test_mask(D->vma_flags, M)
|
- (D->vm_flags & M) != 0
+ vma_flags_test_mask(D->vma_flags, M)
|
- (D->vm_flags & F) == F
+ vma_desc_test_flags(D, F)
|
- (D->vm_flags & F) != F
+ !vma_desc_test_flags(D, F)
|
- (D->vm_flags & FS) == FS
+ vma_flags_test_all_mask(D->vma_flags, mk_vma_flags(FS))
|
- (D->vm_flags & FS) != FS
+ !vma_flags_test_all_mask(D->vma_flags, mk_vma_flags(FS))
|
- (D->vm_flags & FS) == 0
+ !vma_desc_test_flags(D, FS)
|
- (D->vm_flags & FS) != 0
+ vma_desc_test_flags(D, FS)
)

// Test a descriptor for flags through its helpers, which take bits and give a bool
@test_v7_1 depends on v7_1@
struct vm_area_desc *D;
flag mask M;
flag F;
flag list FS;
@@
(
- (D->vm_flags & M) == M
+ vma_desc_test_all_mask(D, M)
|
- (D->vm_flags & M) != M
+ !vma_desc_test_all_mask(D, M)
|
- (D->vm_flags & M) == 0
+ !vma_desc_test_any_mask(D, M)
|
- (D->vm_flags & M) != 0
+ vma_desc_test_any_mask(D, M)
|
- (D->vm_flags & F) == F
+ vma_desc_test(D, F)
|
- (D->vm_flags & F) != F
+ !vma_desc_test(D, F)
|
- (D->vm_flags & F) == 0
+ !vma_desc_test(D, F)
|
- (D->vm_flags & F) != 0
+ vma_desc_test(D, F)
|
- (D->vm_flags & FS) == FS
+ vma_desc_test_all(D, FS)
|
- (D->vm_flags & FS) != FS
+ !vma_desc_test_all(D, FS)
|
- (D->vm_flags & FS) == 0
+ !vma_desc_test_any(D, FS)
|
- (D->vm_flags & FS) != 0
+ vma_desc_test_any(D, FS)
)
