int by_return(int x)
{
	begin();
	if (x)
		return 1;
	end();
	return 0;
}

int straight(int x)
{
	start();
	if (x)
		work();
	end();
	return 0;
}
