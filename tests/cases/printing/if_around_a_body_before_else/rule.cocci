@@
expression e;
@@
+ if (ready(e)) {
  run(e);
+ }
