int first(struct view *v)
{
	if (map(v))
		return -EAGAIN;
	return 0;
}

int second(struct view *v)
{
	if (map(v)) {
		return -EIO;
	}
	return 0;
}
