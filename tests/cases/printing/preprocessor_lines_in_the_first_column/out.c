void f(int x)
{
	if (x) {
#ifdef FOO
		before();
#endif
		a();
#ifdef BAR
		after();
#endif
	}
}
