struct ops a = {
	.open = first,
	.read = second,
};

struct ops b = {
	.read = second,
	.open = first
};

struct ops c = {
	.open = first,
};

enum d {
	FIRST,
	LAST
};

enum e {
	FIRST,
	LAST,
};

struct ops f = { .open = first };
struct ops g = { .open = first, };

struct ops h = {
	.open = first /* why */
};

enum k { FIRST, LAST };
