@@ identifier f !~ "lock"; @@
- f();
+ run(f);
