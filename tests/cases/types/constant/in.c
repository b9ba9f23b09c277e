void f(int n, char *s)
{
	set(1);
	set(0x1fUL);
	set('a');
	set("text");
	set(LIMIT);
	set(n);
	set(1 + 1);
	set(-1);
}
