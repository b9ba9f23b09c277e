void simple(void)
{
	begin();
	work();
	end();
}

void compound(int x)
{
	begin();
	if (x) {
		work();
		more();
	} else
		less();
	end();
}

void two(void)
{
	begin();
	work();
	more();
	end();
}
