void set(void)
{
	int a;
	KUNIT_SETUP
	int b;

	use(a, b);
}
