enum mode {
	FIRST,
	SLOW,	/* by default */
	FAST,
	LAST
};

enum state {
	FIRST,
	UP,
	DOWN,	/* no power */
	LAST,
};

enum kind { FIRST, ONE, TWO, LAST };

struct ops dev_ops = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.close = dev_close,
	.flags = 0
};

struct ops tty_ops = {
	.write = tty_write,
	.owner = THIS_MODULE,
	.open = tty_open,
	.flags = 0
};

struct dev { int id; int users; spinlock_t lock; };

struct port {
	int id;
	int users;
	spinlock_t lock;
};

struct pair { int tag; int a; int b; };
