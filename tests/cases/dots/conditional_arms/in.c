void both_arms(void)
{
	begin();
#ifdef CONFIG_A
	end();
#else
	end();
#endif
}

void one_arm(void)
{
	begin();
#ifdef CONFIG_A
	end();
#endif
}

int return_in_an_arm(void)
{
	begin();
#ifdef CONFIG_A
	return 1;
#endif
	end();
	return 0;
}
