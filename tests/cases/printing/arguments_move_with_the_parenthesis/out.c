int f(char *buf, int n)
{
	put_in_place(buf, n,
		     wide(buf,
			  n), 3,
		     4);
	n = put_in_place(buf,
			 n);
	if (v(n) && use(buf,
			n))
		return v(n) + use(buf,
			n);
	return put_in_place(buf,
			    "text", /* why */
			    n);
}
