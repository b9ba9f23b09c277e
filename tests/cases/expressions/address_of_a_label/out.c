void f(int x)
{
	static void *table[] = { &&out, &&in };

	branch(&&out, x && y);
	goto *table[x];
in:
	g();
out:
	h();
}
