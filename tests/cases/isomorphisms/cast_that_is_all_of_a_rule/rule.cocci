@@
expression e;
@@
(
- (u8 *)e
+ bytes(e)
|
- old(e)
+ renewed(e)
)

@@
expression e;
type T;
@@
- (T)e
+ cast(e)
