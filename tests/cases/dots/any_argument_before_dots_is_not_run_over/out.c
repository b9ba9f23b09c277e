int f(struct s *a, struct s *b)
{
	lock(a);
	lock_last(b);
	unlock();
	take_last(a);
	take(b);
	give(a);
	return 0;
}
