@r@
parameter list[n] before;
identifier dev;
@@
probe(before, struct dev *dev, ...) { ... }

@@
expression list[r.n] before;
expression dev;
@@
probe(before,
-     dev,
      ...)
