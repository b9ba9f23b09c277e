@@ type T; expression e; @@
- clear(e, sizeof(T))
+ clear_type(e, T)
