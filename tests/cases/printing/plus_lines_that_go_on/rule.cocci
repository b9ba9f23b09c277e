@@
expression e;
@@
- poll(e);
+ schedule_polling
+     (e, POLL_ALL);

@@
expression e, x;
@@
- x = start(e);
+ x
+   = start_all(e,
+               "a string",
+     e);
