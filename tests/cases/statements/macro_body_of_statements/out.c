#define wheel_lock(lock) raw_spin_lock(lock);
#define wheel_trylock(lock) spin_lock(lock); count(lock)
#define gear_lock(lock) \
	lock_counted(lock)
#define gear_lock_twice(lock) do { spin_lock(lock); count(lock); } while (0);
#define gear_turns(x) u32 x;
