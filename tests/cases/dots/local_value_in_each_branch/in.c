void branches(int x)
{
	begin();
	if (x)
		end(1);
	else
		end(x);
}
