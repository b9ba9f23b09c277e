// Each case has to lead to what follows; one case may run into the next.
@@
@@
- begin();
+ start();
  ...
  end();
