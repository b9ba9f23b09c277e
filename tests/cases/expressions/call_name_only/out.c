int f(char *to, const char *from)
{
	int (*p)(char *, const char *) = old_copy;

	return new_copy (to,
			 from /* kept */) + p(to, from);
}
