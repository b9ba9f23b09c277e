void branches(int x)
{
	begin();
	if (x)
		stop(1, 0);
	else
		stop(x, 0);
}
