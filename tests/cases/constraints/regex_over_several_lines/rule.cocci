// A list of names, broken where the line was full: the ends of lines are arms of their own
@r@
identifier i =~ "^(FOO_|BAR_RX|
|BAR_TX|
|.*_LEGACY$)"; expression e;
@@
- set(i, e)
+ set_old(i, e)

// What follows on the last line counts, too
@@
identifier other !~ "^(FOO_
|BAR_)"; identifier r.i;
@@
- pair(i, other);
+ pair(other, i);
