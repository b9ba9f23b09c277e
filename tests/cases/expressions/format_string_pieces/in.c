int f(void)
{
	log("x: %08lx\n", a);
	log("x: %08lx", a);
	warn("bad %s at %d here", s, n);
	warn("bad here");
	note("%s: %u of %d", s, n, m);
	note("%lu", n);
	note("a" "%u", n);
	return 0;
}
