int f(struct s *p, struct s **q)
{
	return p->size + (*q)->size + (p + 1)->size + q[0]->size +
	       (&p[1])->size + ((struct s *)q)->size;
}
