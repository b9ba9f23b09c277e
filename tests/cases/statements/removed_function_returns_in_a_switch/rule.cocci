@@
identifier f = {gone};
@@
- f(...) { ... }
