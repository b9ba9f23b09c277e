@@
@@
(
  lock
|
  trylock
)
  (...)
... when != unlock(...)
- use();
+ use_locked();
