int probe(void)
{
	f(1, "http://kernel.org");
	f(2, "/* not a comment");
	f('"', "a", 'b'); /* one */
	return h(3, "see // there", "and */ here");
}
