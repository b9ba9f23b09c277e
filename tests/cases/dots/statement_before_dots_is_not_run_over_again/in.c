void once(void)
{
	start();
	first();
	second();
	end();
}

void twice(void)
{
	start();
	first();
	second();
	first();
	end();
}
