@@ type T; identifier x; @@
- T x = zeroed(T);
+ T x = {};
