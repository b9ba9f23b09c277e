@@ expression list es; @@
- set(es)
+ set_all_of_these(es)
