// A while loop may run zero times, a do loop runs at least once.
@@
@@
- begin();
+ start();
  ...
  end();
