struct foo { struct bar *b; struct foo *next; };
struct bar { struct foo f; };
typedef struct foo foo_t;

int f(struct foo *a, struct bar *b, foo_t *t, struct foo array[3], void *v)
{
	struct foo local, **pp = &a;

	return get_foo(a) + get(b) + get_foo(t) + get_foo(&local) +
	       get_foo(*pp) + get_foo(array) +
	       get_foo(a->next) + get(a->b) + get_foo(&a->b->f) +
	       get_foo(&b->f) + get(v) +
	       get_foo((struct foo *)v) + get_foo(pp[1]) + get_foo(a + 1) +
	       get_foo(&array[1]);
}
