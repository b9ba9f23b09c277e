int f(int n)
{
	n = n * sizeof(handle_t);
	return sizeof(handle_t) + sizeof(handle_t *) + sizeof (handle_t) * 3;
}
