void at_the_end(void)
{
	start();
	work();
}

void bare(int x)
{
	start();
	work();
	return;
}

int value(void)
{
	start();
	return work();
}

void ended(void)
{
	begin();
	end();
}
