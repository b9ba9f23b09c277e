void m(void)
{
	x = sub(f(), y);
	x = sub(f((a)), y);
	x = sub(n * (a), y);
}
