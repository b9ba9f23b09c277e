@@
@@
- begin();
+ start();
  <+...
  work();
  ...+>
  end();
