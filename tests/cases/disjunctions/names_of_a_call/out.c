void f(int *l)
{
	lock(l);
	use_locked();
	unlock(l);
}

void g(int *l)
{
	trylock(l, 1);
	unlock(l);
	use();
}
