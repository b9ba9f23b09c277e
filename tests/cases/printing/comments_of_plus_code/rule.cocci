@@
@@

- old();
+ /* one line */
+ a(); // trailing
+ /* two
+  * lines */
+ b();
