void f(void)
{
	for (;;)
		if (a)
			b();
}
