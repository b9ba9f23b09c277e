void f(int x)
{
	static void *table[] = { &&out, &&in };

	jump_to(&&out, x && y);
	goto *table[x];
in:
	g();
out:
	h();
}
