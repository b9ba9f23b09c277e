// SPDX-License-Identifier: GPL-2.0-only
@r@
type T;
identifier i;
constant C;
@@
- T i = C;
+ T i;
...
- return i;
+ return C;
