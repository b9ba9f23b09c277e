@@
@@
+ lock();
  use();
+ unlock();
