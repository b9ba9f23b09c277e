void f(int x)
{
	if (x)
		a(1);
	else
		a(2);
	while (x)
		a(3);
}
