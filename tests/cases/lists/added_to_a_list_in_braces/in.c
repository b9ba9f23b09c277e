enum mode {
	SLOW,	/* by default */
	FAST
};

enum state {
	UP,
	DOWN,	/* no power */
};

enum kind { ONE, TWO };

struct ops dev_ops = {
	.open = dev_open,
	.close = dev_close,
};

struct ops tty_ops = {
	.write = tty_write,
	.open = tty_open
};

struct dev { int id; spinlock_t lock; };

struct port {
	int id;
	spinlock_t lock;
};

struct pair { int a; int b; };
