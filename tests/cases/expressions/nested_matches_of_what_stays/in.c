int f(int x)
{
	widen(widen(x));
	widen(1 + widen(x), 2);
	pick(pick(x), widen(pick(1)));
	return x;
}
