void g(void)
{
	ff(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa +
	   bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);
	ff(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);
}
