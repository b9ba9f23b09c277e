void f(int n, char *s)
{
	set_constant(1);
	set_constant(0x1fUL);
	set_constant('a');
	set_constant("text");
	set_constant(LIMIT);
	set(n);
	set(1 + 1);
	set_constant(-1);
}
