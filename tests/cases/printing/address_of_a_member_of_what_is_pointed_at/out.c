void f(struct s *p, struct s **q)
{
	one(&(*q)->x);
	two(&(*q)[1], &(*q).y);
	three(q);
	one(&(*q++)->x);
	two(&(*q++)[1], &(*q++).y);
	three(q++);
	one(&p->x);
	two(&p[1], &p.y);
	three(&p);
}
