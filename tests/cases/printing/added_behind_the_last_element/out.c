struct ops a = {
	.open = first,
	.close = shut,
	.read = second,
};

struct ops b = {
	.read = second,
	.open = first,
	.close = shut,
};

struct ops c = {
	.open = first,
	.close = shut,
};

enum d {
	FIRST,
	LAST,
	MORE,
};

enum e {
	FIRST,
	LAST,
	MORE,
};
