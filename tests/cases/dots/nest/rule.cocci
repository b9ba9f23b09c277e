// A nest takes every occurrence on the way, and may take none.
@@
@@
  begin();
  <...
- work();
+ toil();
  ...>
  end();
