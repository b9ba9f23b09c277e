@@ expression list es; @@
- make(es)
+ make_the_whole_thing(es)
