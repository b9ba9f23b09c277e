void f(int a)
{
	while (a) {
		note(a);
		g(a);
	}
	if (a)
		g(a);
	else {
		note(a);
		{
			g(a);
			h(a);
		}
	}
	for (;;) {
		h(a);
		g(a);
	}
	while (a) {
		g(a);
		h(a);
	}
	do
		g(a);
	while (a);
}

void none(int a)
{
	while (a--)
		{}
}
