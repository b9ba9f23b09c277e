// Dots take the shortest way: what stands before or after them is not in them.
@@
@@
- lock();
+ lock_all();
  ...
  unlock();
