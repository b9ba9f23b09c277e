@@ expression list[2] es; @@
- call(es)
+ call2(es)
