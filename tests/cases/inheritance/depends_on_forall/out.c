int plain(struct clk *apb)
{
	clk_take(apb);
	clk_put(apb);
	return clk_rate_cached(apb);
}

int leaks(struct clk *ahb)
{
	clk_take(ahb);
	return clk_rate(ahb);
}

int puts(struct clk *ahb)
{
	clk_take(ahb);
	clk_put(ahb);
	clk_show(apb);
	clk_show_leaked(ahb);
	clk_dump();
	return clk_rate(ahb);
}
