@@ expression list es; expression e; @@
- send(es, e, 0)
+ send(es, e)
