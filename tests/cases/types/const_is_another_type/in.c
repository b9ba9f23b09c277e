typedef unsigned long word_t;

void f(word_t *to, const word_t *from, word_t *other, const word_t *last, int n, const int c)
{
	memcpy(to, from, n * sizeof(word_t));
	memcpy(to, other, n * sizeof(word_t));
	memcpy(from, last, n * sizeof(word_t));
	memcpy(from, last, n * sizeof(const word_t));
	swap(n, c);
	swap(n, n);
	swap(c, c);
}
