// The block of a statement expression is no statement that has other spellings.
@@
expression e;
@@
- ({ e; })
+ e
