void f(void)
{
	b();
#ifdef FOO
	if (ready())
#endif
		a();
}
