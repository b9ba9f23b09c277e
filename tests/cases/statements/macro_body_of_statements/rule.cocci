@@
identifier m, lock;
@@
- #define m(lock) spin_lock(lock);
+ #define m(lock) raw_spin_lock(lock);

@@
identifier m, lock;
@@
- #define m(lock) do { spin_lock(lock); count(lock); } while (0)
+ #define m(lock) lock_counted(lock)

@@
identifier m, x;
@@
- #define m(x) unsigned int x;
+ #define m(x) u32 x;
