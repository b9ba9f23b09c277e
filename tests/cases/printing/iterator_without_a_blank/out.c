void f(struct node *np)
{
	for_each_child_scoped(np, c) {
		use(c);
	}
	for_each_child_scoped(np, c)
		use(c);
	each_child(np, c)
		use(c);
}
