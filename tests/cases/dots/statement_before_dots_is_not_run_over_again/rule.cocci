// S is the same statement on the way to end(): the dots do not run over it a second time.
@@
statement S;
@@
  start();
  S
  ...
- end();
