int f(char *to, const char *from)
{
	int n = new_copy(from, to);

	if (new_copy(from, to + 1))
		return 1 + new_copy("x, y", to);
	old_copy(to);
	old_copy(to, from, n);
	older_copy(to, from);
	return new_copy(from, to);
}
