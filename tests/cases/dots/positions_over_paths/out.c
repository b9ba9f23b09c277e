void branches(int x)
{
	begin();
	if (x)
		stop();
	else
		stop();
	end();
}
