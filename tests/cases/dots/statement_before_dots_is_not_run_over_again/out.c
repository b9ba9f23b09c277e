void once(void)
{
	start();
	first();
	second();
}

void twice(void)
{
	start();
	first();
	second();
	first();
	end();
}
