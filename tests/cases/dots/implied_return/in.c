void at_the_end(void)
{
	begin();
	work();
}

void bare(int x)
{
	begin();
	work();
	return;
}

int value(void)
{
	begin();
	return work();
}

void ended(void)
{
	begin();
	end();
}
