#ifdef __cplusplus
extern "C" {
#endif

struct sub {
	int kind;
	bool flag;
};

static inline int kick(struct sub *s)
{
	enter();
	if (!s->flag)
		return s->kind == 0;
	return 0;
}

extern "C" void hit(bool b)
{
	enter();
	use(!b);
}

#ifdef __cplusplus
}
#endif
