int f(int n)
{
	n = handles(n);
	return handle_size() + sizeof(handle_t *) + handles(3);
}
