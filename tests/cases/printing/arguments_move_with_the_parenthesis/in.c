int f(char *buf, int n)
{
	put(buf, n,
	    wide(buf,
		 n), 3,
	    4);
	n = put(buf,
		n);
	if (very_long_name(n) && use(buf,
				     n))
		return very_long_name(n) + use(buf,
			n);
	return put(buf,
		   "text", /* why */
		   n);
}
