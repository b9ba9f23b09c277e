void sum(int a, int b)
{
	total = cost(a) + cost(b) + cost(a);
	total = tax(cost(b)) + 1;
	total = a + b;
	other = cost(a);
}
