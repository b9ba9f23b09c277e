int f(int n)
{
	choose(n);
	choose(n > 1);
	wait_while(busy(n));
	wait_while(busy(n + 1));
	wait_while(busy(n + 2));
	if (locked(n))
		unlock(n);
	return 0;
}
