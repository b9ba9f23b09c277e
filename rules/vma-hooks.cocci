// SPDX-License-Identifier: GPL-2.0-only
// Convert a .mmap hook to .mmap_prepare
//
// Subject: convert .mmap hooks to .mmap_prepare
//
// These rules run over the functions of one driver's hook, and over nothing else: whether that is
// safe has been decided before. V is the VMA that the hook was handed; what is left of it
// afterwards, the descriptor takes. Names, the signature and the initialisers are no matter of
// rules (see rules/hooks.toml and "Hooks" in the README).

virtual word
virtual bits
virtual error_override
virtual error_hook
virtual v7_0
virtual v7_1
virtual flags_to_page_prot
virtual dax_desc
virtual dax_word

// An action returns nothing: the hook goes on, and returns 0.
@ map_return @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
@@
- return MAP(V, ES);
+ MAP(V, ES);
+ return 0;

// The error that the hook returned in place of the mapping function's own. Where an action has no
// error_override but an error_hook (v6.19), a function that returns it stands in its place afterwards.
@ map_override_then_return depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
constant E;
@@
- if (MAP(V, ES))
(
-	return -E;
|
-	{ return -E; }
)
+ MAP(V, ES);
+ V->action.error_override = -E;

@ map_override_negative depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
constant E;
@@
- if (MAP(V, ES) < 0)
(
-	return -E;
|
-	{ return -E; }
)
+ MAP(V, ES);
+ V->action.error_override = -E;

@ map_chosen depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
constant E;
@@
- return MAP(V, ES) ? -E : 0;
+ MAP(V, ES);
+ V->action.error_override = -E;
+ return 0;

// The error is the mapping function's own, and so it stays.
@ map_checked @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier R;
@@
- R = MAP(V, ES);
- if (R)
(
-	return R;
|
-	{ return R; }
)
+ MAP(V, ES);

@ map_checked_negative @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier R;
@@
- R = MAP(V, ES);
- if (R < 0)
(
-	return R;
|
-	{ return R; }
)
+ MAP(V, ES);

@ map_result_overridden depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
identifier R;
constant E;
@@
- R = MAP(V, ES);
- if (R)
(
-	return -E;
|
-	{ return -E; }
)
+ MAP(V, ES);
+ V->action.error_override = -E;

@ map_result_returned @
struct vm_area_struct *V;
expression list ES;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier R;
@@
- R = MAP(V, ES);
- return R;
+ MAP(V, ES);
+ return 0;

// What was said of a failed call is not said any more: the error comes after the hook.
@ map_said_then_override depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES, PS;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
identifier SAY = {printk, pr_err, pr_warn, pr_info, pr_debug, pr_notice, dev_err, dev_warn, dev_info, dev_dbg, pr_err_ratelimited, dev_err_ratelimited};
constant E;
@@
- if (MAP(V, ES)) {
-	SAY(PS);
-	return -E;
- }
+ MAP(V, ES);
+ V->action.error_override = -E;

@ map_said_and_checked @
struct vm_area_struct *V;
expression list ES, PS;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier SAY = {printk, pr_err, pr_warn, pr_info, pr_debug, pr_notice, dev_err, dev_warn, dev_info, dev_dbg, pr_err_ratelimited, dev_err_ratelimited};
identifier R;
@@
- R = MAP(V, ES);
- if (R) {
-	SAY(PS);
-	return R;
- }
+ MAP(V, ES);

@ map_said_and_checked_negative @
struct vm_area_struct *V;
expression list ES, PS;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier SAY = {printk, pr_err, pr_warn, pr_info, pr_debug, pr_notice, dev_err, dev_warn, dev_info, dev_dbg, pr_err_ratelimited, dev_err_ratelimited};
identifier R;
@@
- R = MAP(V, ES);
- if (R < 0) {
-	SAY(PS);
-	return R;
- }
+ MAP(V, ES);

@ map_said_result_overridden depends on error_override || error_hook @
struct vm_area_struct *V;
expression list ES, PS;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory};
identifier SAY = {printk, pr_err, pr_warn, pr_info, pr_debug, pr_notice, dev_err, dev_warn, dev_info, dev_dbg, pr_err_ratelimited, dev_err_ratelimited};
identifier R;
constant E;
@@
- R = MAP(V, ES);
- if (R) {
-	SAY(PS);
-	return -E;
- }
+ MAP(V, ES);
+ V->action.error_override = -E;

@ map_said_then_returned @
struct vm_area_struct *V;
expression list ES, PS;
identifier MAP = {remap_pfn_range, io_remap_pfn_range, vm_iomap_memory, vm_map_pages, vm_map_pages_zero, vm_insert_pages};
identifier SAY = {printk, pr_err, pr_warn, pr_info, pr_debug, pr_notice, dev_err, dev_warn, dev_info, dev_dbg, pr_err_ratelimited, dev_err_ratelimited};
identifier R;
@@
- R = MAP(V, ES);
- if (R)
-	SAY(PS);
- return R;
+ MAP(V, ES);
+ return 0;

// The whole of the VMA, its size in a variable or written out
@ size @
struct vm_area_struct *V;
identifier S;
@@
(
  S = V->vm_end - V->vm_start
|
  S = vma_pages(V) << PAGE_SHIFT
|
  S = vma_pages(V) * PAGE_SIZE
)

@ map_full @
struct vm_area_struct *V;
expression PFN;
identifier size.S;
@@
(
- remap_pfn_range(V, V->vm_start, PFN, \( S \| V->vm_end - V->vm_start \| vma_pages(V) << PAGE_SHIFT \| vma_pages(V) * PAGE_SIZE \), V->vm_page_prot);
+ mmap_action_remap_full(V, PFN);
|
- io_remap_pfn_range(V, V->vm_start, PFN, \( S \| V->vm_end - V->vm_start \| vma_pages(V) << PAGE_SHIFT \| vma_pages(V) * PAGE_SIZE \), V->vm_page_prot);
+ mmap_action_ioremap_full(V, PFN);
)

@ map_written_out @
struct vm_area_struct *V;
expression PFN;
@@
(
- remap_pfn_range(V, V->vm_start, PFN, \( V->vm_end - V->vm_start \| vma_pages(V) << PAGE_SHIFT \| vma_pages(V) * PAGE_SIZE \), V->vm_page_prot);
+ mmap_action_remap_full(V, PFN);
|
- io_remap_pfn_range(V, V->vm_start, PFN, \( V->vm_end - V->vm_start \| vma_pages(V) << PAGE_SHIFT \| vma_pages(V) * PAGE_SIZE \), V->vm_page_prot);
+ mmap_action_ioremap_full(V, PFN);
)

// A part of it, which is known to lie inside, and to begin where it does (A may be a local)
@ map_part @
struct vm_area_struct *V;
expression A, PFN, N;
@@
(
- remap_pfn_range(V, A, PFN, N, V->vm_page_prot);
+ mmap_action_remap(V, A, PFN, N);
|
- io_remap_pfn_range(V, A, PFN, N, V->vm_page_prot);
+ mmap_action_ioremap(V, A, PFN, N);
|
- vm_iomap_memory(V,
+ mmap_action_simple_ioremap(V,
	PFN, N);
)

// Pages of the kernel's own: the checks of the mapping function's are written out, since the action
// has none
@ map_pages @
struct vm_area_struct *V;
expression P, N;
@@
(
- vm_map_pages_zero(V, P, N);
+ if (vma_pages(V) > N)
+	return -ENXIO;
+ mmap_action_map_kernel_pages_full(V, P);
|
- vm_map_pages(V, P, N);
+ if (V->vm_pgoff >= N || vma_pages(V) > N - V->vm_pgoff)
+	return -ENXIO;
+ mmap_action_map_kernel_pages_full(V, P + V->vm_pgoff);
)

@ insert_pages @
struct vm_area_struct *V;
expression A, P;
identifier N;
@@
- vm_insert_pages(V, A, P, &N);
+ mmap_action_map_kernel_pages(V, A, P, N);

// Hooks of the core
@ twins @
struct vm_area_struct *V;
expression F;
@@
(
- generic_file_mmap(F, V)
+ generic_file_mmap_prepare(V)
|
- generic_file_readonly_mmap(F, V)
+ generic_file_readonly_mmap_prepare(V)
|
- shmem_zero_setup(V)
+ shmem_zero_setup_desc(V)
)

// What took the VMA, and takes the description or its flags and the inode now
@ dax_with_description depends on dax_desc @
struct vm_area_struct *V;
expression D;
@@
- daxdev_mapping_supported(V, D)
+ daxdev_mapping_supported(V, file_inode(V->vm_file), D)

@ dax_with_word depends on dax_word @
struct vm_area_struct *V;
expression D;
@@
- daxdev_mapping_supported(V, D)
+ daxdev_mapping_supported(V->vm_flags, file_inode(V->vm_file), D)

// Flags: bits
@ change depends on bits @
struct vm_area_struct *V;
flag mask M;
flag list F, G;
@@
(
- vm_flags_mod(V, F, G);
+ vma_desc_set_flags(V, F);
+ vma_desc_clear_flags(V, G);
|
- vm_flags_set(V, M);
+ vma_desc_set_flags_mask(V, M);
|
- vm_flags_set(V, F);
+ vma_desc_set_flags(V, F);
|
- vm_flags_clear(V, M);
+ vma_desc_clear_flags_mask(V, M);
|
- vm_flags_clear(V, F);
+ vma_desc_clear_flags(V, F);
)

@ helpers depends on bits @
struct vm_area_struct *V;
expression list ES;
@@
(
- is_nommu_shared_mapping(V->vm_flags)
+ is_nommu_shared_vma_flags(&V->vma_flags)
|
- vma_is_shared_maywrite(V)
+ is_shared_maywrite(&V->vma_flags)
|
- is_cow_mapping(V->vm_flags)
+ vma_desc_is_cow_mapping(V)
|
- vma_is_cow_mapping(V)
+ vma_desc_is_cow_mapping(V)
|
- vma_set_flags(V, ES);
+ vma_desc_set_flags(V, ES);
|
- vma_clear_flags(V, ES);
+ vma_desc_clear_flags(V, ES);
|
- vma_test(V, ES)
+ vma_desc_test(V, ES)
|
- vma_test_any(V, ES)
+ vma_desc_test_any(V, ES)
|
- vma_test_all(V, ES)
+ vma_desc_test_all(V, ES)
)

@ page_prot_7_3 depends on bits && flags_to_page_prot @
struct vm_area_struct *V;
@@
- vm_get_page_prot(V->vm_flags)
+ vma_flags_to_page_prot(V->vma_flags)

@ page_prot_7_2 depends on bits && !flags_to_page_prot @
struct vm_area_struct *V;
@@
- vm_get_page_prot(V->vm_flags)
+ vma_get_page_prot(V->vma_flags)

// `(flags & A) && (flags & B)` asks for both
@ both depends on bits && v7_1 @
struct vm_area_struct *V;
expression E;
flag F, G;
@@
(
- (V->vm_flags & F) && (V->vm_flags & G)
+ vma_desc_test_all(V, F, G)
|
  E &&
- (V->vm_flags & F) && (V->vm_flags & G)
+ vma_desc_test_all(V, F, G)
)

@ test depends on bits && v7_1 @
struct vm_area_struct *V;
flag mask M;
flag F;
flag list FS;
@@
(
- (V->vm_flags & M) == M
+ vma_desc_test_all_mask(V, M)
|
- (V->vm_flags & M) != M
+ !vma_desc_test_all_mask(V, M)
|
- (V->vm_flags & M) == 0
+ !vma_desc_test_any_mask(V, M)
|
- (V->vm_flags & M) != 0
+ vma_desc_test_any_mask(V, M)
|
- (V->vm_flags & F) == F
+ vma_desc_test(V, F)
|
- (V->vm_flags & F) != F
+ !vma_desc_test(V, F)
|
- (V->vm_flags & F) == 0
+ !vma_desc_test(V, F)
|
- (V->vm_flags & F) != 0
+ vma_desc_test(V, F)
|
- (V->vm_flags & FS) == FS
+ vma_desc_test_all(V, FS)
|
- (V->vm_flags & FS) != FS
+ !vma_desc_test_all(V, FS)
|
- (V->vm_flags & FS) == 0
+ !vma_desc_test_any(V, FS)
|
- (V->vm_flags & FS) != 0
+ vma_desc_test_any(V, FS)
)

// One of two flags and not the other
@ one_of_two depends on bits && v7_1 @
struct vm_area_struct *V;
flag F, G;
@@
(
- (V->vm_flags & (F | G)) == F
+ vma_desc_test(V, F) && !vma_desc_test(V, G)
|
- (V->vm_flags & (F | G)) == G
+ !vma_desc_test(V, F) && vma_desc_test(V, G)
|
- (V->vm_flags & (F | G)) != F
+ !vma_desc_test(V, F) || vma_desc_test(V, G)
|
- (V->vm_flags & (F | G)) != G
+ vma_desc_test(V, F) || !vma_desc_test(V, G)
)

@ test_7_0 depends on bits && v7_0 @
struct vm_area_struct *V;
flag list FS;
@@
(
- (V->vm_flags & FS) == FS
+ vma_flags_test_all(&V->vma_flags, FS)
|
- (V->vm_flags & FS) != FS
+ !vma_flags_test_all(&V->vma_flags, FS)
|
- (V->vm_flags & FS) == 0
+ !vma_desc_test_flags(V, FS)
|
- (V->vm_flags & FS) != 0
+ vma_desc_test_flags(V, FS)
)

// The word itself, for a message or an argument
@ legacy depends on bits @
struct vm_area_struct *V;
@@
- V->vm_flags
+ vma_flags_to_legacy(V->vma_flags)

// Flags: the descriptor's word
@ change_word depends on word @
struct vm_area_struct *V;
expression F, G;
@@
(
- vm_flags_mod(V, F, G);
+ V->vm_flags |= F;
+ V->vm_flags &= ~(G);
|
- vm_flags_set(V, F);
+ V->vm_flags |= F;
|
- vm_flags_clear(V, F);
+ V->vm_flags &= ~(F);
)

@ word_alone depends on word @
struct vm_area_struct *V;
identifier C;
@@
- V->vm_flags &= ~(C);
+ V->vm_flags &= ~C;

@ helpers_word depends on word @
struct vm_area_struct *V;
@@
- vma_is_shared_maywrite(V)
+ is_shared_maywrite(V->vm_flags)

// Members
@ range @
struct vm_area_struct *V;
expression A;
@@
(
- V->vm_end - V->vm_start
+ vma_desc_size(V)
|
- A + V->vm_end - V->vm_start
+ A + vma_desc_size(V)
|
- vma_pages(V)
+ vma_desc_pages(V)
|
- vma_start_pgoff(V)
+ V->pgoff
)

@ anonymous depends on bits @
struct vm_area_struct *V;
@@
(
- vma_set_anonymous(V);
+ vma_desc_set_anonymous(V);
|
- V->vm_ops = NULL;
+ vma_desc_set_anonymous(V);
)

@ members @
struct vm_area_struct *V;
@@
(
- V->vm_start
+ V->start
|
- V->vm_end
+ V->end
|
- V->vm_pgoff
+ V->pgoff
|
- V->vm_page_prot
+ V->page_prot
|
- V->vm_private_data
+ V->private_data
|
- V->vm_file
+ V->file
|
- V->vm_mm
+ V->mm
)
