@@ expression e; @@
  f(
(
- OLD
+ NEW
|
- OLDER
+ NEWER
)
  , e)
