void f(int a)
{
	if (a)
		run(a);
	else
		run(1);
	if (a)
		while (a)
			run(2);
	else
		g(a);
	do
		run(3);
	while (a);
}
