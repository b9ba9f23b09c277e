@@
expression e;
@@
- TRACE(e)
+ TRACE_AT(e, __LINE__)

@@
expression e;
@@
- CHECK(e);
+ check(e);

@@
@@
- END();
