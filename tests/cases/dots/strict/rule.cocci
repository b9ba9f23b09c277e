@@
@@
- begin();
+ start();
  ... when strict
  end();
