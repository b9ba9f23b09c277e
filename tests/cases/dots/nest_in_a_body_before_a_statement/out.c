void f(int x)
{
	while (x)
		put(x);
	go();
	while (x)
		if (x > 1)
			put(x);
	while (x) {
		put(x);
		put(x);
	}
	if (x)
		hold(x);
	if (x > 1)
		get(x);
	go();
}
