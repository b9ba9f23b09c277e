@@
expression x;
@@
  if (x->dead || ...) {
- old(x);
+ new(x);
  }

@@
@@
- flags(SHARED | ...)
+ shared()
