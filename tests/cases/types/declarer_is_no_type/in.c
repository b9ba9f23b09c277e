static DEFINE_SPINLOCK(guard);
static int used;
