long (*first)(long);
int (*second)(int nr, int more);

struct port {
	u32 (*start)(struct port *, u32 nr);
	int (*stop)(int);
	int nr;
};
