int plain(struct clk *apb)
{
	clk_take(apb);
	clk_put(apb);
	return clk_rate(apb);
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
	clk_show(ahb);
	clk_dump();
	return clk_rate(ahb);
}
