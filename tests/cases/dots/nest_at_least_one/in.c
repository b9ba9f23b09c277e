void some(int x)
{
	begin();
	if (x)
		work();
	end();
}

void none(int x)
{
	begin();
	more();
	end();
}
