int a;
int added;
DEFINE_LOCK(lock);
int added;
static DEFINE_LOCKS(locks, 3);
int added;

int f(void)
{
	g(a);
	return 1;
}
