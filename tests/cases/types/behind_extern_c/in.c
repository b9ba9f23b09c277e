#ifdef __cplusplus
extern "C" {
#endif

struct sub {
	int kind;
	bool flag;
};

static inline int kick(struct sub *s)
{
	if (s->flag == 0)
		return s->kind == 0;
	return 0;
}

extern "C" void hit(bool b)
{
	use(b == 0);
}

#ifdef __cplusplus
}
#endif
