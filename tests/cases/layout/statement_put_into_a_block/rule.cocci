@@
expression e;
@@
+ if (e) {
    report(e);
+   more(e);
+ }
