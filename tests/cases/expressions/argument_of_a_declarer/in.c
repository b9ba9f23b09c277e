DEFINE_LOCK(door);
static DEFINE_LOCK(door);
static DEFINE_LOCKS(door, 2);

int f(void)
{
	return open(door);
}
