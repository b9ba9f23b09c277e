void f(int n)
{
	begin();
	middle();
	end();
}

void g(int n)
{
	done();
}

void h(int n)
{
	n = reserve(n
#ifdef CONFIG_MORE
		    + 5);
#else
		    + 6);
#endif
	done();
}
