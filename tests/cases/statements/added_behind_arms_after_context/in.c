void second(struct view *v)
{
	open(v);
	lock_slow(v);
	use(v);
}

void third(struct view *v)
{
	open(v);
	lock(v);
}
