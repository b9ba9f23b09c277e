int reset(void)
{
	long first = old_value(a);
	long *second = old_value(c);

	first = old_value(a);
	*second = old_value(c);
	return first;
}
