DEFINE_LOCK(gate);
static DEFINE_LOCK(gate);
static DEFINE_LOCKS(gate, 2);

int f(void)
{
	return open(gate);
}
