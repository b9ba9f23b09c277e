// The arms of a conditional are alternatives.
@@
@@
- begin();
+ start();
  ...
- end();
+ stop();
