void f(int n)
{
	if (n) /* why */
		submit(n);
	else
		g();
	while (n) submit(n);
}
