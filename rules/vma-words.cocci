// SPDX-License-Identifier: GPL-2.0-only
// Flags of struct vm_area_desc: from the bitmap desc->vma_flags back to the word desc->vm_flags
//
// Objects: D
//
// The way back of vma-desc, for those who take a fix to a tree whose descriptor still has the word (Linux
// 6.18). Helpers of every generation are known by their names. Up to eight bits in a call are read.
//
// "bit" and "bit mask" are kinds of metavariable that SmPL does not have: see "Flags in rules" in
// the README. They match VMA_ bits and masks and stand in plus code for VM_ words.

// Set and clear flags of a descriptor in its word
@change@
struct vm_area_desc *D;
bit B1, B2, B3, B4, B5, B6, B7, B8;
bit mask M;
@@
(
- vma_desc_set_flags(D, B1);
+ D->vm_flags |= B1;
|
- vma_desc_clear_flags(D, B1);
+ D->vm_flags &= ~B1;
|
- vma_desc_set_flags(D, B1, B2);
+ D->vm_flags |= B1 | B2;
|
- vma_desc_clear_flags(D, B1, B2);
+ D->vm_flags &= ~(B1 | B2);
|
- vma_desc_set_flags(D, B1, B2, B3);
+ D->vm_flags |= B1 | B2 | B3;
|
- vma_desc_clear_flags(D, B1, B2, B3);
+ D->vm_flags &= ~(B1 | B2 | B3);
|
- vma_desc_set_flags(D, B1, B2, B3, B4);
+ D->vm_flags |= B1 | B2 | B3 | B4;
|
- vma_desc_clear_flags(D, B1, B2, B3, B4);
+ D->vm_flags &= ~(B1 | B2 | B3 | B4);
|
- vma_desc_set_flags(D, B1, B2, B3, B4, B5);
+ D->vm_flags |= B1 | B2 | B3 | B4 | B5;
|
- vma_desc_clear_flags(D, B1, B2, B3, B4, B5);
+ D->vm_flags &= ~(B1 | B2 | B3 | B4 | B5);
|
- vma_desc_set_flags(D, B1, B2, B3, B4, B5, B6);
+ D->vm_flags |= B1 | B2 | B3 | B4 | B5 | B6;
|
- vma_desc_clear_flags(D, B1, B2, B3, B4, B5, B6);
+ D->vm_flags &= ~(B1 | B2 | B3 | B4 | B5 | B6);
|
- vma_desc_set_flags(D, B1, B2, B3, B4, B5, B6, B7);
+ D->vm_flags |= B1 | B2 | B3 | B4 | B5 | B6 | B7;
|
- vma_desc_clear_flags(D, B1, B2, B3, B4, B5, B6, B7);
+ D->vm_flags &= ~(B1 | B2 | B3 | B4 | B5 | B6 | B7);
|
- vma_desc_set_flags(D, B1, B2, B3, B4, B5, B6, B7, B8);
+ D->vm_flags |= B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8;
|
- vma_desc_clear_flags(D, B1, B2, B3, B4, B5, B6, B7, B8);
+ D->vm_flags &= ~(B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8);
|
- vma_desc_set_flags_mask(D, M);
+ D->vm_flags |= M;
|
- vma_desc_clear_flags_mask(D, M);
+ D->vm_flags &= ~M;
)

// Test the word for flags where only the truth counts
@test@
struct vm_area_desc *D;
bit B1, B2, B3, B4, B5, B6, B7, B8;
bit mask M;
@@
(
- vma_desc_test_flags(D, B1) != 0
+ D->vm_flags & B1
|
- vma_desc_test_flags(D, B1, B2) != 0
+ D->vm_flags & (B1 | B2)
|
- vma_desc_test_flags(D, B1, B2, B3) != 0
+ D->vm_flags & (B1 | B2 | B3)
|
- vma_desc_test_flags(D, B1, B2, B3, B4) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4)
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5)
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6, B7) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6, B7, B8) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)
|
- vma_desc_test(D, B1) != 0
+ D->vm_flags & B1
|
- vma_desc_test_any(D, B1, B2) != 0
+ D->vm_flags & (B1 | B2)
|
- vma_desc_test_any(D, B1, B2, B3) != 0
+ D->vm_flags & (B1 | B2 | B3)
|
- vma_desc_test_any(D, B1, B2, B3, B4) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4)
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5)
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6, B7) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6, B7, B8) != 0
+ D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)
|
- vma_desc_test_flags_mask(D, M) != 0
+ D->vm_flags & M
|
- vma_desc_test_any_mask(D, M) != 0
+ D->vm_flags & M
|
- vma_flags_test_mask(&D->vma_flags, M) != 0
+ D->vm_flags & M
|
- vma_flags_test_any_mask(&D->vma_flags, M) != 0
+ D->vm_flags & M
)

// Test the word for flags where the answer is a value, 0 or 1
@value@
struct vm_area_desc *D;
bit B1, B2, B3, B4, B5, B6, B7, B8;
bit mask M;
@@
(
- vma_desc_test_flags(D, B1)
+ (D->vm_flags & B1) != 0
|
- vma_desc_test_flags(D, B1, B2)
+ (D->vm_flags & (B1 | B2)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3)
+ (D->vm_flags & (B1 | B2 | B3)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3, B4)
+ (D->vm_flags & (B1 | B2 | B3 | B4)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6, B7)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)) != 0
|
- vma_desc_test_flags(D, B1, B2, B3, B4, B5, B6, B7, B8)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)) != 0
|
- vma_desc_test(D, B1)
+ (D->vm_flags & B1) != 0
|
- vma_desc_test_any(D, B1, B2)
+ (D->vm_flags & (B1 | B2)) != 0
|
- vma_desc_test_any(D, B1, B2, B3)
+ (D->vm_flags & (B1 | B2 | B3)) != 0
|
- vma_desc_test_any(D, B1, B2, B3, B4)
+ (D->vm_flags & (B1 | B2 | B3 | B4)) != 0
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5)) != 0
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)) != 0
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6, B7)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)) != 0
|
- vma_desc_test_any(D, B1, B2, B3, B4, B5, B6, B7, B8)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)) != 0
|
- vma_desc_test_flags_mask(D, M)
+ (D->vm_flags & M) != 0
|
- vma_desc_test_any_mask(D, M)
+ (D->vm_flags & M) != 0
|
- vma_flags_test_mask(&D->vma_flags, M)
+ (D->vm_flags & M) != 0
|
- vma_flags_test_any_mask(&D->vma_flags, M)
+ (D->vm_flags & M) != 0
|
- vma_desc_test_all(D, B1, B2)
+ (D->vm_flags & (B1 | B2)) == (B1 | B2)
|
- vma_flags_test_all(&D->vma_flags, B1, B2)
+ (D->vm_flags & (B1 | B2)) == (B1 | B2)
|
- vma_desc_test_all(D, B1, B2, B3)
+ (D->vm_flags & (B1 | B2 | B3)) == (B1 | B2 | B3)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3)
+ (D->vm_flags & (B1 | B2 | B3)) == (B1 | B2 | B3)
|
- vma_desc_test_all(D, B1, B2, B3, B4)
+ (D->vm_flags & (B1 | B2 | B3 | B4)) == (B1 | B2 | B3 | B4)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3, B4)
+ (D->vm_flags & (B1 | B2 | B3 | B4)) == (B1 | B2 | B3 | B4)
|
- vma_desc_test_all(D, B1, B2, B3, B4, B5)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5)) == (B1 | B2 | B3 | B4 | B5)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3, B4, B5)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5)) == (B1 | B2 | B3 | B4 | B5)
|
- vma_desc_test_all(D, B1, B2, B3, B4, B5, B6)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)) == (B1 | B2 | B3 | B4 | B5 | B6)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3, B4, B5, B6)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6)) == (B1 | B2 | B3 | B4 | B5 | B6)
|
- vma_desc_test_all(D, B1, B2, B3, B4, B5, B6, B7)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)) == (B1 | B2 | B3 | B4 | B5 | B6 | B7)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3, B4, B5, B6, B7)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7)) == (B1 | B2 | B3 | B4 | B5 | B6 | B7)
|
- vma_desc_test_all(D, B1, B2, B3, B4, B5, B6, B7, B8)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)) == (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)
|
- vma_flags_test_all(&D->vma_flags, B1, B2, B3, B4, B5, B6, B7, B8)
+ (D->vm_flags & (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)) == (B1 | B2 | B3 | B4 | B5 | B6 | B7 | B8)
|
- vma_desc_test_all_mask(D, M)
+ (D->vm_flags & M) == M
|
- vma_flags_test_all_mask(&D->vma_flags, M)
+ (D->vm_flags & M) == M
)
