// The braces of a block become those of a head's body
@@
expression d;
iterator name with_lock;
@@
- lock(d);
+ with_lock(d) {
- {
  ...
- }
- unlock(d);
+ }
