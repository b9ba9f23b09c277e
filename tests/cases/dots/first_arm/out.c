void one_of_each(int x)
{
	begin();
	if (x)
		one();
	else
		other(2);
}
