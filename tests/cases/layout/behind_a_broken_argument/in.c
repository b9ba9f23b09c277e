int f(struct s *p)
{
	int first = install(p, FIRST_OF_THE_PAGES,
			    (FIRST_OF_THE_FLAGS | SECOND_OF_THE_FLAGS), p->name);

	if (p && (install(p, 0, (FIRST_OF_THE_FLAGS | SECOND_OF_THE_FLAGS)) || first))
		return install(p, 0,
			       (FIRST_OF_THE_FLAGS_OF_A_PAGE |
				SECOND_OF_THE_FLAGS), p->name, p->length, p->private);
	return 0;
}
