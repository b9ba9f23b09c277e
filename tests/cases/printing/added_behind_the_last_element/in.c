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
