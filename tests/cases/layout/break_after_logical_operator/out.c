int f(struct s *p)
{
	if (is_switched_on(p->first_switch) &&
	    !is_switched_on(p->second_switch) && p->n)
		return 1;
	return is_switched_on(p->first_switch) ||
	       is_switched_on(p->second_switch) || !p;
}
