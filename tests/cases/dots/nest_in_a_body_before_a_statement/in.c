void f(int x)
{
	while (x)
		take(x);
	go();
	while (x)
		if (x > 1)
			take(x);
	while (x) {
		take(x);
		take(x);
	}
	if (x)
		get(x);
	if (x > 1)
		get(x);
	go();
}
