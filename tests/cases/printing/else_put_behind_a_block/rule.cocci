@@
expression e;
@@

  if (e) {
  ...
- }
+ } else {
+ 	other();
+ }
