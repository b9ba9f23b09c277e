void branches(int x)
{
	begin();
	if (x)
		end();
	else
		end();
	end();
}
