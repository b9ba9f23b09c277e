@@ expression e; @@
(
- up(e);
+ release(e);
|
- down(e);
+ acquire(e);
)
