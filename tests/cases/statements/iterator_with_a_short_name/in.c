void f(int x)
{
	each(x)
		visit(x);
	each(x) {
		visit(x);
	}
	if (x)
		visit(x);
	visit(x);
}
