int f(struct s *a, struct s *b)
{
	lock(a);
	lock(b);
	lock(a);
	unlock();
	take(a);
	take(b);
	give(a);
	return 0;
}

int g(struct s *a)
{
	try(a);
	try(a);
	done();
	return 0;
}
