@@ expression list es; @@
(
- first(es)
+ one(0, es)
|
- second(es)
+ two(es, 0)
|
- third(es)
+ three(0, es, 0)
|
- fourth(es)
+ four(es)
)
