@r@ expression e; @@
  root(e);

@@ expression r.e; expression x <= r.e; @@
- leaf(x)
+ part(x)
