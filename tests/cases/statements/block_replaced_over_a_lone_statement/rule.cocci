@@
expression e;
@@
  if (e)
- { stop(e); }
+ { halt(e); }

@@
expression e;
statement S;
@@
  while (e)
- { S }
+ { relax(); S }

@@
expression e;
@@
  for (...;e;...)
- { tick(e); }
+ tock(e);
