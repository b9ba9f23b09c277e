// A jump out of a then branch excuses a path; one out of an else branch does not.
@@
@@
- begin();
+ start();
  ...
  end();
