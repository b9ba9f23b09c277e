@@
expression e;
@@
+ /* FIXME: check what it returns */
  reset(e);

@@
expression e;
@@
  flush(e);
+ /* flushed */
