void neighbours(void)
{
	first();
	second();
}

void across_a_brace(int x)
{
	if (x) {
		first();
	}
	second();
}

void across_a_label(void)
{
	first();
again:
	second();
}

void across_a_conditional(void)
{
	first();
#ifdef CONFIG_A
	second();
#endif
}
