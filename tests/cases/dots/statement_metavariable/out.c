void simple(void)
{
	begin();
	work();
	stop();
}

void compound(int x)
{
	begin();
	if (x) {
		work();
		more();
	} else
		less();
	stop();
}

void two(void)
{
	begin();
	work();
	more();
	end();
}
