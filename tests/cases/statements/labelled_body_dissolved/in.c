void f(int x, int y)
{
	if (y)
	again:
		if (live(x)) {
			put(x);
			note(x);
		}
	while (y)
	more:
		if (live(y)) {
			put(y);
			note(y);
		}
	if (x)
	once: if (live(x)) {
			put(x);
			note(x);
		}
}
