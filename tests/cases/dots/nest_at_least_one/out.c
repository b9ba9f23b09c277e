void some(int x)
{
	start();
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
