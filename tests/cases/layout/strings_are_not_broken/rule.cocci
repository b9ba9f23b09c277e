@@ expression list es; @@
- say(es)
+ pr_notice(es)
