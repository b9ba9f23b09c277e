int f(char *to, const char *from)
{
	int n = old_copy(to, from);

	if (old_copy(to + 1, from))
		return 1 + old_copy(to, "x, y");
	old_copy(to);
	old_copy(to, from, n);
	older_copy(to, from);
	return old_copy (to,from);
}
