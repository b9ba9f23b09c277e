@@
@@
(
  struct room *
|
- struct room
+ struct space
)
