int by_return(int x)
{
	start();
	if (x)
		return 1;
	end();
	return 0;
}

int by_goto(int x)
{
	start();
	if (x) {
		work();
		goto out;
	}
	end();
out:
	return 0;
}

int in_a_loop(int x)
{
	while (x) {
		start();
		if (work())
			break;
		end();
	}
	return 0;
}

int in_else(int x)
{
	begin();
	if (x) {
		work();
	} else {
		return 1;
	}
	end();
	return 0;
}

int plain_return(int x)
{
	begin();
	switch (x) {
	case 1:
		return 1;
	}
	end();
	return 0;
}
