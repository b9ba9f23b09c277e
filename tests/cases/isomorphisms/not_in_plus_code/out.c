void f(char *p)
{
	if (p != NULL)
		free_all(p);
}
