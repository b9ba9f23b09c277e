void f(int x, int y)
{
	if (y) {
	again:
		put(x);
		note(x);
	}
	while (y) {
	more:
		put(y);
		note(y);
	}
	if (x) {
	once:
		put(x);
		note(x);
	}
}
