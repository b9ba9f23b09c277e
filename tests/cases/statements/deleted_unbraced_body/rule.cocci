@@ expression e; @@
- trace(e);
