void f(int *p, int **q, struct s *t, int v)
{
	set_one(p);
	note(a &*p, 2 & *p);
	set_one(q);
	note(a &(*q), 2 & (*q));
	set_one(t->p);
	note(a &*t->p, 2 & *t->p);
	set_one(p + 1);
	note(a &*(p + 1), 2 & *(p + 1));
	set_one(&v);
	note(a &v, 2 & v);
}
