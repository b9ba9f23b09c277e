void g(void)
{
	ff(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa +
	   bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);
	ff(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);
}
