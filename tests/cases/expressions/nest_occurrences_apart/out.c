void sum(int a, int b)
{
	total = price(a) + price(b) + price(a);
	total = tax(price(b)) + 1;
	total = a + b;
	other = cost(a);
}
