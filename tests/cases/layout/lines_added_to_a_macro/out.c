#define ring_drop(r) do {	\
	ring_lock(r);		\
	ring_put(r);		\
	/* it may be the last */	\
	ring_wake(r);		\
} while (0)

void drop(struct ring *r)
{
	ring_put(r);
	// it may be the last
	ring_wake(r);
}
