void f(int n)
{
	begin();
	if (n) {
		one();
#ifdef CONFIG_TWO
		two();
#endif
		three();
	}
	end();
}

void g(int n)
{
	n = reserve(3
#ifdef CONFIG_MORE
		    + 5
#endif
		   );
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
