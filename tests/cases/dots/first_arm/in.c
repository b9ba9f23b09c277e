void one_of_each(int x)
{
	begin();
	if (x)
		f(1);
	else
		f(2);
}
