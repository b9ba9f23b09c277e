struct foo { struct bar *b; struct foo *next; };
struct bar { struct foo f; };
typedef struct foo foo_t;

int f(struct foo *a, struct bar *b, foo_t *t, struct foo array[3], void *v)
{
	struct foo local, **pp = &a;

	return get(a) + get(b) + get(t) + get(&local) + get(*pp) + get(array) +
	       get(a->next) + get(a->b) + get(&a->b->f) + get(&b->f) + get(v) +
	       get((struct foo *)v) + get(pp[1]) + get(a + 1) + get(&array[1]);
}
