void close_view(struct view *v)
{
	if (v->open)
		log_view(v, v->name, 0);
	put_view(v);
	if (v->name)
		log_view(v, 1);
	free_view(v);
}
