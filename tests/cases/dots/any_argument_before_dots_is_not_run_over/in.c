int f(struct s *a, struct s *b)
{
	lock(a);
	lock(b);
	unlock();
	take(a);
	take(b);
	give(a);
	return 0;
}
