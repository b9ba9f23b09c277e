typedef unsigned long word_t;

void f(word_t *to, const word_t *from, word_t *other, const word_t *last, int n, const int c)
{
	memcpy(to, from, n * sizeof(word_t));
	copy(to, other, n);
	memcpy(from, last, n * sizeof(word_t));
	copy(from, last, n);
	swap(n, c);
	exchange(n, n);
	exchange(c, c);
}
