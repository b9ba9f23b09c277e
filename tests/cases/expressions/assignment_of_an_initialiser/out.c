int reset(void)
{
	long first = new_value(b, 0);
	long *second = new_value(c, 0);
	long head = first_of(F);

	first = new_value(b, 0);
	*second = new_value(c, 0);
	return first;
}
