@@ expression e; @@
- get(e)
+ get_one_of_all_these(e)
