void f(int a)
{
	while (a)
		if (valid(a))
			g(a);
	if (a)
		g(a);
	else if (valid(a)) {
		g(a);
		h(a);
	}
	for (;;)
		if (odd(a))
			g(a);
		else
			h(a);
	while (a)
		if (even(a)) {
			g(a);
			h(a);
		}
	do
		if (even(a)) {
			g(a);
		}
	while (a);
}

void none(int a)
{
	while (a--)
		if (even(a)) {
		}
}
