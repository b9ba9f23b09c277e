int f(int n)
{
	start(n) // needs the lock
		;
	if (start(1) // needs the lock
		&& n)
		stop(n) /* drops the lock */;
	return stop(2) /* drops the lock */ + n;
}
