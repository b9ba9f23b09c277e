void f(int x)
{
	each(x)
		call(x);
	each(x) {
		call(x);
	}
	visit(x);
}
