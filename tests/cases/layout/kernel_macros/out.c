static int __init f(void __user *p)
{
	struct page *page __free(put_page) = renewed(p);

	list_for_each_entry_safe(page, next, &pages, lru)
		renewed(page);
	scoped_guard(mutex, &lock) {
		renewed(page);
	}
	return renewed(container_of(p, struct s, member));
}

SYSCALL_DEFINE2(thing, int, n, char __user *, buf)
{
	return renewed(n);
}

static DEFINE_PER_CPU(int, counter) = renewed(1);
