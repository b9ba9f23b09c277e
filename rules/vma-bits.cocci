// SPDX-License-Identifier: GPL-2.0-only
// Convert the flags of struct vm_area_struct from a word to a bitmap
//
// Subject: use the bitmap VMA flags
// Account: struct vm_area_struct.vm_flags
// Account: vm_flags_set() vm_flags_clear() vm_flags_mod() vm_flags_init() vm_flags_reset() vm_flags_reset_once()
// Account: __vm_flags_mod() is_cow_mapping() is_nommu_shared_mapping() is_data_mapping() is_exec_mapping()
// Account: is_stack_mapping() vm_get_page_prot() vm_pgprot_modify() vm_flags_t
// Files: def_flags
// Recipe: vma-word
// Objects: V W
// Macros: as given
// Masks: by name
//
// The flags of a VMA are both an unsigned long, vm_flags, and a bitmap, flags: a union, so that there
// can be more of them than an unsigned long has bits once nobody uses that.
//
// Use the bitmap, through its helpers. No functional change intended.

// On where the tree's headers declare a helper of that name.
virtual vma_test, vma_test_any, vma_test_all, vma_test_any_mask, vma_test_all_mask, vma_test_single_mask
virtual append_vma_flags, mk_vma_flags_from_masks
virtual vma_start_write, vma_set_flags, vma_set_flags_mask, vma_clear_flags, vma_clear_flags_mask
virtual vma_flags_same_pair, vma_is_cow_mapping, is_nommu_shared_vma_flags, vma_pgprot_modify
virtual vma_flags_test, vma_flags_test_any, vma_flags_test_any_mask, vma_flags_test_all_mask
virtual vma_flags_set, vma_flags_set_mask, vma_flags_clear, vma_flags_clear_mask, vma_flags_and, vma_flags_and_mask
// On where a struct of the headers has a bitmap of that name.
virtual def_vma_flags
// And where that helper takes a VMA, or the flags.
virtual vma_get_page_prot_of_vm_area_struct, vma_get_page_prot_of_vma_flags_t
virtual vma_flags_to_page_prot

// "flag" and its kin are kinds of metavariable that SmPL does not have (see "Flags in rules" in the
// README). They match VM_ masks and stand in plus code for VMA_ bits.

// Compare a flag of two VMAs
@flag_of_two depends on vma_test@
struct vm_area_struct *V;
struct vm_area_struct *W;
flag F;
@@
(
- (V->vm_flags & F) == (W->vm_flags & F)
+ vma_test(V, F) == vma_test(W, F)
|
- (V->vm_flags & F) != (W->vm_flags & F)
+ vma_test(V, F) != vma_test(W, F)
)

// A helper gives a bool, which needs no !! and no cast.
@twice_set depends on append_vma_flags && mk_vma_flags_from_masks && vma_test_any_mask@
struct vm_area_struct *V;
flag set S;
@@
(
- !!(V->vm_flags & S)
+ vma_test_any_mask(V, S)
|
- (bool)(V->vm_flags & S)
+ vma_test_any_mask(V, S)
)

@twice_option depends on vma_test_single_mask@
struct vm_area_struct *V;
flag option O;
@@
(
- !!(V->vm_flags & O)
+ vma_test_single_mask(V, O)
|
- (bool)(V->vm_flags & O)
+ vma_test_single_mask(V, O)
)

@twice depends on vma_test && vma_test_any && vma_test_any_mask@
struct vm_area_struct *V;
flag mask M;
flag F;
flag list FS;
@@
(
- !!(V->vm_flags & M)
+ vma_test_any_mask(V, M)
|
- (bool)(V->vm_flags & M)
+ vma_test_any_mask(V, M)
|
- !!(V->vm_flags & F)
+ vma_test(V, F)
|
- (bool)(V->vm_flags & F)
+ vma_test(V, F)
|
- !!(V->vm_flags & FS)
+ vma_test_any(V, FS)
|
- (bool)(V->vm_flags & FS)
+ vma_test_any(V, FS)
)

// Test a VMA for flags, some of which may be in a mask, through the helpers that take masks
@test_set depends on append_vma_flags && mk_vma_flags_from_masks && vma_test_any_mask && vma_test_all_mask@
struct vm_area_struct *V;
flag set S;
@@
(
- (V->vm_flags & S) == S
+ vma_test_all_mask(V, S)
|
- (V->vm_flags & S) != S
+ !vma_test_all_mask(V, S)
|
- (V->vm_flags & S) == 0
+ !vma_test_any_mask(V, S)
|
- (V->vm_flags & S) != 0
+ vma_test_any_mask(V, S)
)

// Test a VMA for a flag that some configurations lack through the helper that takes a mask
@test_option depends on vma_test_single_mask && vma_test_all_mask@
struct vm_area_struct *V;
flag option O;
@@
(
- (V->vm_flags & O) == O
+ vma_test_all_mask(V, O)
|
- (V->vm_flags & O) != O
+ !vma_test_all_mask(V, O)
|
- (V->vm_flags & O) == 0
+ !vma_test_single_mask(V, O)
|
- (V->vm_flags & O) != 0
+ vma_test_single_mask(V, O)
)

// Test a VMA for flags through its helpers, which take bits and give a bool
@test depends on vma_test && vma_test_any && vma_test_all && vma_test_any_mask && vma_test_all_mask@
struct vm_area_struct *V;
flag mask M;
flag F;
flag list FS;
@@
(
- (V->vm_flags & M) == M
+ vma_test_all_mask(V, M)
|
- (V->vm_flags & M) != M
+ !vma_test_all_mask(V, M)
|
- (V->vm_flags & M) == 0
+ !vma_test_any_mask(V, M)
|
- (V->vm_flags & M) != 0
+ vma_test_any_mask(V, M)
|
- (V->vm_flags & F) == F
+ vma_test(V, F)
|
- (V->vm_flags & F) != F
+ !vma_test(V, F)
|
- (V->vm_flags & F) == 0
+ !vma_test(V, F)
|
- (V->vm_flags & F) != 0
+ vma_test(V, F)
|
- (V->vm_flags & FS) == FS
+ vma_test_all(V, FS)
|
- (V->vm_flags & FS) != FS
+ !vma_test_all(V, FS)
|
- (V->vm_flags & FS) == 0
+ !vma_test_any(V, FS)
|
- (V->vm_flags & FS) != 0
+ vma_test_any(V, FS)
)

// Test a VMA for some flags that it must have and others that it must not have
@mixed depends on vma_test && vma_test_any && vma_test_all && vma_test_any_mask@
idexpression struct vm_area_struct *V;
flag F;
flag list FS;
flag rest R;
flag list rest RS;
flag mask rest RM;
@@
(
- (V->vm_flags & RM) == F
+ vma_test(V, F) && !vma_test_any_mask(V, RM)
|
- (V->vm_flags & RM) != F
+ !vma_test(V, F) || vma_test_any_mask(V, RM)
|
- (V->vm_flags & R) == F
+ vma_test(V, F) && !vma_test(V, R)
|
- (V->vm_flags & R) != F
+ !vma_test(V, F) || vma_test(V, R)
|
- (V->vm_flags & RS) == F
+ vma_test(V, F) && !vma_test_any(V, RS)
|
- (V->vm_flags & RS) != F
+ !vma_test(V, F) || vma_test_any(V, RS)
|
- (V->vm_flags & R) == FS
+ vma_test_all(V, FS) && !vma_test(V, R)
|
- (V->vm_flags & R) != FS
+ !vma_test_all(V, FS) || vma_test(V, R)
|
- (V->vm_flags & RS) == FS
+ vma_test_all(V, FS) && !vma_test_any(V, RS)
|
- (V->vm_flags & RS) != FS
+ !vma_test_all(V, FS) || vma_test_any(V, RS)
)

// Compare all flags of two VMAs
@same depends on vma_flags_same_pair@
struct vm_area_struct *V;
struct vm_area_struct *W;
@@
(
- V->vm_flags == W->vm_flags
+ vma_flags_same_pair(&V->flags, &W->flags)
|
- V->vm_flags != W->vm_flags
+ !vma_flags_same_pair(&V->flags, &W->flags)
)

// Ask for a private mapping that may be written through the VMA
@cow depends on vma_is_cow_mapping@
struct vm_area_struct *V;
@@
- is_cow_mapping(V->vm_flags)
+ vma_is_cow_mapping(V)

// Ask for a shared mapping without an MMU through the bitmap
@nommu depends on is_nommu_shared_vma_flags@
struct vm_area_struct *V;
@@
- is_nommu_shared_mapping(V->vm_flags)
+ is_nommu_shared_vma_flags(&V->flags)

// Tell KCSAN who may access the flags: both names are of the same storage
@exclusive@
struct vm_area_struct *V;
@@
(
- ASSERT_EXCLUSIVE_WRITER(V->vm_flags)
+ ASSERT_EXCLUSIVE_WRITER(V->flags)
|
- ASSERT_EXCLUSIVE_ACCESS(V->vm_flags)
+ ASSERT_EXCLUSIVE_ACCESS(V->flags)
)

// Get a VMA's page protection from the VMA
@prot depends on vma_get_page_prot_of_vm_area_struct@
struct vm_area_struct *V;
@@
- vm_get_page_prot(V->vm_flags)
+ vma_get_page_prot(V)

// Get a VMA's page protection from the bitmap
@prot_of_flags depends on vma_get_page_prot_of_vma_flags_t@
struct vm_area_struct *V;
@@
- vm_get_page_prot(V->vm_flags)
+ vma_get_page_prot(V->flags)

// Get a page protection from a bitmap without making a word of it
@prot_of_bridge depends on vma_flags_to_page_prot@
expression F;
@@
- vm_get_page_prot(vma_flags_to_legacy(F))
+ vma_flags_to_page_prot(F)

@prot_of_older_bridge depends on vma_get_page_prot_of_vma_flags_t && !vma_flags_to_page_prot@
expression F;
@@
- vm_get_page_prot(vma_flags_to_legacy(F))
+ vma_get_page_prot(F)

// Modify a page protection by the bitmap
@modify depends on vma_pgprot_modify@
struct vm_area_struct *V;
expression P;
@@
- vm_pgprot_modify(P, V->vm_flags)
+ vma_pgprot_modify(P, V->flags)

// A setter that stands right behind another, or behind the lock, finds the VMA locked.
@held@
idexpression struct vm_area_struct *V;
position p;
@@
(
  vma_start_write(V);
|
  vm_flags_set(V, ...);
|
  vm_flags_clear(V, ...);
|
  vm_flags_mod(V, ...);
)
(
  vm_flags_set@p(V, ...);
|
  vm_flags_clear@p(V, ...);
|
  vm_flags_mod@p(V, ...);
)

// So does one behind those of a run that take no lock: somebody has converted them before.
@held_before@
idexpression struct vm_area_struct *V;
position p;
@@
(
  vma_start_write(V);
|
  vm_flags_set(V, ...);
|
  vm_flags_clear(V, ...);
|
  vm_flags_mod(V, ...);
)
(
  vma_set_flags(V, ...);
|
  vma_clear_flags(V, ...);
|
  vma_set_flags_mask(V, ...);
|
  vma_clear_flags_mask(V, ...);
)
(
  vm_flags_set@p(V, ...);
|
  vm_flags_clear@p(V, ...);
|
  vm_flags_mod@p(V, ...);
)

@held_long_before@
idexpression struct vm_area_struct *V;
position p;
@@
(
  vma_start_write(V);
|
  vm_flags_set(V, ...);
|
  vm_flags_clear(V, ...);
|
  vm_flags_mod(V, ...);
)
(
  vma_set_flags(V, ...);
|
  vma_clear_flags(V, ...);
|
  vma_set_flags_mask(V, ...);
|
  vma_clear_flags_mask(V, ...);
)
(
  vma_set_flags(V, ...);
|
  vma_clear_flags(V, ...);
|
  vma_set_flags_mask(V, ...);
|
  vma_clear_flags_mask(V, ...);
)
(
  vm_flags_set@p(V, ...);
|
  vm_flags_clear@p(V, ...);
|
  vm_flags_mod@p(V, ...);
)

// And one in a branch that is taken right behind, but for one behind a call, which may let go, or behind
// an assignment: that is another VMA.
@asked_by_call@
idexpression struct vm_area_struct *V;
expression FN, E;
position p;
@@
if (<+... \( FN(...) \| V = E \) ...+>)
(
  vm_flags_set@p(V, ...);
|
  vm_flags_clear@p(V, ...);
|
  vm_flags_mod@p(V, ...);
)

@held_in_branch@
idexpression struct vm_area_struct *V;
expression E;
position p != asked_by_call.p;
@@
(
  vma_start_write(V);
|
  vm_flags_set(V, ...);
|
  vm_flags_clear(V, ...);
|
  vm_flags_mod(V, ...);
)
if (E)
(
  vm_flags_set@p(V, ...);
|
  vm_flags_clear@p(V, ...);
|
  vm_flags_mod@p(V, ...);
)

// Change flags of a VMA that is locked
//
// The lock that vm_flags_set() and its kin take was taken for this VMA just before.
@change_locked depends on vma_set_flags && vma_clear_flags@
idexpression struct vm_area_struct *V;
flag mask M;
flag list F, G;
position p = { held.p, held_before.p, held_long_before.p, held_in_branch.p };
@@
(
- vm_flags_set@p(V, M);
+ vma_set_flags_mask(V, M);
|
- vm_flags_set@p(V, F);
+ vma_set_flags(V, F);
|
- vm_flags_clear@p(V, M);
+ vma_clear_flags_mask(V, M);
|
- vm_flags_clear@p(V, F);
+ vma_clear_flags(V, F);
|
- vm_flags_mod@p(V, F, \( 0 \| VM_NONE \));
+ vma_set_flags(V, F);
|
- vm_flags_mod@p(V, \( 0 \| VM_NONE \), G);
+ vma_clear_flags(V, G);
|
- vm_flags_mod@p(V, F, G);
+ vma_set_flags(V, F);
+ vma_clear_flags(V, G);
)

// Change flags of a VMA that nobody else can see yet
//
// That of an .mmap hook needs no lock, which vm_flags_set() and its kin take and the bitmap's helpers do
// not.
@change_new depends on vma_set_flags && vma_clear_flags@
new vma V;
flag mask M;
flag list F, G;
@@
(
- vm_flags_set(V, M);
+ vma_set_flags_mask(V, M);
|
- vm_flags_set(V, F);
+ vma_set_flags(V, F);
|
- vm_flags_clear(V, M);
+ vma_clear_flags_mask(V, M);
|
- vm_flags_clear(V, F);
+ vma_clear_flags(V, F);
|
- vm_flags_mod(V, F, \( 0 \| VM_NONE \));
+ vma_set_flags(V, F);
|
- vm_flags_mod(V, \( 0 \| VM_NONE \), G);
+ vma_clear_flags(V, G);
|
- vm_flags_mod(V, F, G);
+ vma_set_flags(V, F);
+ vma_clear_flags(V, G);
)

// Lock a VMA, then change its flags
//
// vm_flags_set() and its kin call vma_start_write(), the bitmap's helpers do not: it is called before
// them.
@change depends on vma_start_write && vma_set_flags && vma_clear_flags@
idexpression struct vm_area_struct *V;
flag mask M;
flag list F, G;
@@
(
- vm_flags_set(V, M);
+ vma_start_write(V);
+ vma_set_flags_mask(V, M);
|
- vm_flags_set(V, F);
+ vma_start_write(V);
+ vma_set_flags(V, F);
|
- vm_flags_clear(V, M);
+ vma_start_write(V);
+ vma_clear_flags_mask(V, M);
|
- vm_flags_clear(V, F);
+ vma_start_write(V);
+ vma_clear_flags(V, F);
|
- vm_flags_mod(V, F, \( 0 \| VM_NONE \));
+ vma_start_write(V);
+ vma_set_flags(V, F);
|
- vm_flags_mod(V, \( 0 \| VM_NONE \), G);
+ vma_start_write(V);
+ vma_clear_flags(V, G);
|
- vm_flags_mod(V, F, G);
+ vma_start_write(V);
+ vma_set_flags(V, F);
+ vma_clear_flags(V, G);
)

// Give a new VMA its flags
@init@
struct vm_area_struct *V;
struct vm_area_struct *W;
flag mask M;
flag list F;
@@
(
- vm_flags_init(V, W->vm_flags);
+ V->flags = W->flags;
|
- vm_flags_init(V, \( 0 \| VM_NONE \));
+ V->flags = EMPTY_VMA_FLAGS;
|
- vm_flags_init(V, M);
+ V->flags = M;
|
- vm_flags_init(V, F);
+ V->flags = mk_vma_flags(F);
)

// A tree in the middle of this has bitmaps that are made of words, and words of bitmaps
@init_from_bridge@
struct vm_area_struct *V;
expression F;
@@
- vm_flags_init(V, vma_flags_to_legacy(F));
+ V->flags = F;

@no_bridge@
struct vm_area_struct *V;
@@
- legacy_to_vma_flags(V->vm_flags)
+ V->flags

// Ask for the flags that new VMAs of a process get through the bitmap
@default_test depends on def_vma_flags && vma_flags_test && vma_flags_test_any && vma_flags_test_any_mask@
struct mm_struct *MM;
flag mask M;
flag F;
flag list FS;
@@
(
- (MM->def_flags & M) == 0
+ !vma_flags_test_any_mask(&MM->def_vma_flags, M)
|
- (MM->def_flags & M) != 0
+ vma_flags_test_any_mask(&MM->def_vma_flags, M)
|
- (MM->def_flags & F) == 0
+ !vma_flags_test(&MM->def_vma_flags, F)
|
- (MM->def_flags & F) != 0
+ vma_flags_test(&MM->def_vma_flags, F)
|
- (MM->def_flags & FS) == 0
+ !vma_flags_test_any(&MM->def_vma_flags, FS)
|
- (MM->def_flags & FS) != 0
+ vma_flags_test_any(&MM->def_vma_flags, FS)
)

// Change the flags that new VMAs of a process get
@default_change depends on def_vma_flags && vma_flags_set && vma_flags_set_mask && vma_flags_clear && vma_flags_clear_mask@
struct mm_struct *MM;
flag mask M;
flag list FS;
@@
(
- MM->def_flags |= M;
+ vma_flags_set_mask(&MM->def_vma_flags, M);
|
- MM->def_flags |= FS;
+ vma_flags_set(&MM->def_vma_flags, FS);
|
- MM->def_flags &= ~M;
+ vma_flags_clear_mask(&MM->def_vma_flags, M);
|
- MM->def_flags &= ~FS;
+ vma_flags_clear(&MM->def_vma_flags, FS);
|
- MM->def_flags = 0;
+ MM->def_vma_flags = EMPTY_VMA_FLAGS;
)

// Give a process some flags of another; the mask's own helper comes first, since it is a list of bits, too
@default_copy_bits depends on def_vma_flags && vma_flags_and && vma_flags_and_mask@
struct mm_struct *MM;
struct mm_struct *FROM;
flag mask M;
flag list FS;
@@
(
- MM->def_flags = FROM->def_flags & M;
+ MM->def_vma_flags = vma_flags_and_mask(&FROM->def_vma_flags, M);
|
- MM->def_flags = FROM->def_flags & FS;
+ MM->def_vma_flags = vma_flags_and(&FROM->def_vma_flags, FS);
)

// Give a process the flags of another, or some of them
@default_copy depends on def_vma_flags && vma_flags_and_mask@
struct mm_struct *MM;
struct mm_struct *FROM;
flag mask M;
flag list FS;
@@
(
- MM->def_flags = FROM->def_flags & M;
+ MM->def_vma_flags = vma_flags_and_mask(&FROM->def_vma_flags, M);
|
- MM->def_flags = FROM->def_flags & FS;
+ MM->def_vma_flags = vma_flags_and_mask(&FROM->def_vma_flags, mk_vma_flags(FS));
|
- MM->def_flags = FROM->def_flags;
+ MM->def_vma_flags = FROM->def_vma_flags;
)

// The same for the process at hand: current is a macro, which has no type
@own_default_copy_bits depends on def_vma_flags && vma_flags_and && vma_flags_and_mask@
struct mm_struct *MM;
flag mask M;
flag list FS;
symbol current;
@@
(
- MM->def_flags = current->mm->def_flags & M;
+ MM->def_vma_flags = vma_flags_and_mask(&current->mm->def_vma_flags, M);
|
- MM->def_flags = current->mm->def_flags & FS;
+ MM->def_vma_flags = vma_flags_and(&current->mm->def_vma_flags, FS);
)

@own_default_copy depends on def_vma_flags && vma_flags_and_mask@
struct mm_struct *MM;
flag mask M;
flag list FS;
symbol current;
@@
(
- MM->def_flags = current->mm->def_flags & M;
+ MM->def_vma_flags = vma_flags_and_mask(&current->mm->def_vma_flags, M);
|
- MM->def_flags = current->mm->def_flags & FS;
+ MM->def_vma_flags = vma_flags_and_mask(&current->mm->def_vma_flags, mk_vma_flags(FS));
|
- MM->def_flags = current->mm->def_flags;
+ MM->def_vma_flags = current->mm->def_vma_flags;
)

@own_default_test depends on def_vma_flags && vma_flags_test && vma_flags_test_any && vma_flags_test_any_mask@
flag mask M;
flag F;
flag list FS;
symbol current;
@@
(
- (current->mm->def_flags & M) == 0
+ !vma_flags_test_any_mask(&current->mm->def_vma_flags, M)
|
- (current->mm->def_flags & M) != 0
+ vma_flags_test_any_mask(&current->mm->def_vma_flags, M)
|
- (current->mm->def_flags & F) == 0
+ !vma_flags_test(&current->mm->def_vma_flags, F)
|
- (current->mm->def_flags & F) != 0
+ vma_flags_test(&current->mm->def_vma_flags, F)
|
- (current->mm->def_flags & FS) == 0
+ !vma_flags_test_any(&current->mm->def_vma_flags, FS)
|
- (current->mm->def_flags & FS) != 0
+ vma_flags_test_any(&current->mm->def_vma_flags, FS)
)

@own_default_change depends on def_vma_flags && vma_flags_set && vma_flags_set_mask && vma_flags_clear && vma_flags_clear_mask@
flag mask M;
flag list FS;
symbol current;
@@
(
- current->mm->def_flags |= M;
+ vma_flags_set_mask(&current->mm->def_vma_flags, M);
|
- current->mm->def_flags |= FS;
+ vma_flags_set(&current->mm->def_vma_flags, FS);
|
- current->mm->def_flags &= ~M;
+ vma_flags_clear_mask(&current->mm->def_vma_flags, M);
|
- current->mm->def_flags &= ~FS;
+ vma_flags_clear(&current->mm->def_vma_flags, FS);
|
- current->mm->def_flags = 0;
+ current->mm->def_vma_flags = EMPTY_VMA_FLAGS;
)

// Make a VMA without flags
@without@
identifier I;
@@
struct vm_area_struct I = {
	...,
- .vm_flags = 0
+ .flags = EMPTY_VMA_FLAGS
	, ...
};

@without_any@
identifier I;
@@
struct vm_area_struct I = {
	...,
- .vm_flags = VM_NONE
+ .flags = EMPTY_VMA_FLAGS
	, ...
};

// Let a mask that the file defines for itself be a bitmap, if that is what all its users take
@own depends on test || test_set || twice || mixed || change || change_new || change_locked || init@
identifier M;
flag list own F;
@@
- #define M F
+ #define M mk_vma_flags(F)
