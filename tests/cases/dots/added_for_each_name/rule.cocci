@@
identifier p, f;
@@
f(...)
{
	...
	struct page *p = NULL;
	...
++	put(p);
	return ...;
}
