void f(struct node *np)
{
	for_each_child(np, c) {
		use(c);
	}
	for_each_child(np, c)
		use(c);
	mark(np);
}
