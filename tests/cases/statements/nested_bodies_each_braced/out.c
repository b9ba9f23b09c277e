void f(void)
{
	for (;;) {
		if (a) {
			b();
			step();
		}
		step();
	}
	step();
}
