@@
statement S;
@@
  lock();
  S
+ log(1);
  ...
  unlock();

@@
statement S;
expression e;
@@
  switch (e) {
  case 1:
- S
+ one();
  ...
  }
