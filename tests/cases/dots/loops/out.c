void while_may_not_run(int x)
{
	begin();
	while (x)
		end();
}

void past_a_loop(int x)
{
	start();
	while (x)
		work();
	end();
}

void do_runs(int x)
{
	start();
	do {
		end();
	} while (x);
}

void endless(int x)
{
	start();
	for (;;) {
		if (work())
			break;
	}
	end();
}
