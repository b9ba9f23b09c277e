int f(int x)
{
	widen_to(widen_to(x));
	widen_to(1 + widen_to(x), 2);
	pick(DEFAULT, pick(DEFAULT, x), widen_to(pick(DEFAULT, 1)));
	return x;
}
