int f(struct s *a, struct s *b)
{
	lock(a);
	lock_last(b);
	lock_last(a);
	unlock();
	take_last(a);
	take(b);
	give(a);
	return 0;
}

int g(struct s *a)
{
	try_any(a);
	try_any(a);
	done();
	return 0;
}
