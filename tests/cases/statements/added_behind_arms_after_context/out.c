void second(struct view *v)
{
	open(v);
	lock_any(v);
	use(v);
}

void third(struct view *v)
{
	open(v);
	lock_any(v);
}
