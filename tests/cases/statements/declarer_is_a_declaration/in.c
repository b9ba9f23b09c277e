int a;
DEFINE_LOCK(lock);
static DEFINE_LOCKS(locks, 3);

int f(void)
{
	g(a);
	return 1;
}
