@@ expression list es; @@
- log(es)
+ log(LEVEL, es)
