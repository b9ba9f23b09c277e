int first(struct view *v)
{
	take(v);
	v->error = -EAGAIN;
	return 0;
}

int second(struct view *v)
{
	take(v);
	v->error = -EIO;
	return 0;
}
