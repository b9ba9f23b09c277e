@@
declarer name DECLARE_ROOMS, DECLARE_HALLS;
expression e;
identifier x;
@@
(
- DECLARE_ROOMS(x, e);
|
- static DECLARE_HALLS(x, e);
)
