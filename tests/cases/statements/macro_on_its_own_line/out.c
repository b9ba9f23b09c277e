void set(void)
{
	long a;
	KUNIT_SETUP
	long b;

	use(a, b);
}
