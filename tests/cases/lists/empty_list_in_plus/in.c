void f(int n)
{
	first();
	second();
	third();
	fourth();
	first(n, n);
	second(n, n);
	third(n, n);
	fourth(n, n);
}
