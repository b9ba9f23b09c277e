@@
expression x;
identifier y;
statement S;
@@
 x = claim(...);
+note_claim();
 if (<+... x ...+>) S

@@
identifier v;
type T;
@@
 T v;
 ...
- while (<+... v ...+>)
+ while (pending(v))
 {
 ...
 }
