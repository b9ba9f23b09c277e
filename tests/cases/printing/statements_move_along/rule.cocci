@@
statement list L;
expression e;
@@
- if (unlikely(e)) { L }
+ L

@@
statement S;
expression e;
@@
- while (e) S
+ if (e) {
+ 	begin();
+ 	S
+ }
