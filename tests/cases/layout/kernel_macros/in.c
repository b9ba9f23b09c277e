static int __init f(void __user *p)
{
	struct page *page __free(put_page) = old(p);

	list_for_each_entry_safe(page, next, &pages, lru)
		old(page);
	scoped_guard(mutex, &lock) {
		old(page);
	}
	return old(container_of(p, struct s, member));
}

SYSCALL_DEFINE2(thing, int, n, char __user *, buf)
{
	return old(n);
}

static DEFINE_PER_CPU(int, counter) = old(1);
