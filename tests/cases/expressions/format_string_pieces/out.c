int f(void)
{
	trace("%08lx", a);
	log("x: %08lx", a);
	alarm("%s at %d", s, n);
	warn("bad here");
	count(s, n, m);
	note("%lu", n);
	note("a" "%u", n);
	return 0;
}
