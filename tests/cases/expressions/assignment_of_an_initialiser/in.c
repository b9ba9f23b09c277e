int reset(void)
{
	long first = old_value(a);
	long *second = old_value(c);
	long third = first_of(F);

	first = old_value(a);
	*second = old_value(c);
	return first;
}
