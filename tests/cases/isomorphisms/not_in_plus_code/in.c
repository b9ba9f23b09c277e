void f(char *p)
{
	free_one(p);
}
