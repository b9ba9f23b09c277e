// SPDX-License-Identifier: GPL-2.0-only
// What vma-desc does, as far as plain SmPL can say it: one flag or two, bit names made by a script.
// For comparing speed with spatch only.

@one@
struct vm_area_desc *D;
identifier F =~ "^VM_";
@@
D->vm_flags |= F;

@script:python onebit@
f << one.F;
B;
@@
coccinelle.B = "VMA_" + f[3:] + "_BIT"

@@
struct vm_area_desc *D;
identifier one.F, onebit.B;
@@
- D->vm_flags |= F;
+ vma_desc_set_flags(D, B);

@two disable bitor_comm@
struct vm_area_desc *D;
identifier F =~ "^VM_";
identifier G =~ "^VM_";
@@
D->vm_flags |= F | G;

@script:python twobits@
f << two.F;
g << two.G;
B;
C;
@@
coccinelle.B = "VMA_" + f[3:] + "_BIT"
coccinelle.C = "VMA_" + g[3:] + "_BIT"

@disable bitor_comm@
struct vm_area_desc *D;
identifier two.F, two.G, twobits.B, twobits.C;
@@
- D->vm_flags |= F | G;
+ vma_desc_set_flags(D, B, C);

@test@
struct vm_area_desc *D;
identifier F =~ "^VM_";
@@
D->vm_flags & F

@script:python testbit@
f << test.F;
B;
@@
coccinelle.B = "VMA_" + f[3:] + "_BIT"

@@
struct vm_area_desc *D;
identifier test.F, testbit.B;
@@
(
- !(D->vm_flags & F)
+ !vma_desc_test_flags(D, B)
|
- (D->vm_flags & F)
+ vma_desc_test_flags(D, B)
|
- D->vm_flags & F
+ vma_desc_test_flags(D, B)
)
