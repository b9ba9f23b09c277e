int f(struct s *p)
{
	if (on(p->first_switch) && !on(p->second_switch) && p->n)
		return 1;
	return on(p->first_switch) || on(p->second_switch) || !p;
}
