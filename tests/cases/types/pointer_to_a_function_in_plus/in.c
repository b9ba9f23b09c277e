int (*first)(int);
int (*second)(int nr, int more);

struct port {
	int (*start)(struct port *, int nr);
	int (*stop)(int);
	int nr;
};
