// A statement metavariable spans a compound statement.
@@
statement S;
@@
  begin();
  S
- end();
+ stop();
