@@
expression e;
@@
- if (live(e)) {
  put(e);
  note(e);
- }
