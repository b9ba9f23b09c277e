@@ expression list es; @@
- inner(es)
+ the_inner_function(es)
