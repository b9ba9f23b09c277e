void while_may_not_run(int x)
{
	begin();
	while (x)
		end();
}

void past_a_loop(int x)
{
	begin();
	while (x)
		work();
	end();
}

void do_runs(int x)
{
	begin();
	do {
		end();
	} while (x);
}

void endless(int x)
{
	begin();
	for (;;) {
		if (work())
			break;
	}
	end();
}
