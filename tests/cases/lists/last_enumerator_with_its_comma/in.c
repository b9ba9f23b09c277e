enum one {
	A_ONE,
	OLD_MAX = 3,
};

enum two {
	A_TWO,
	UNUSED,
};

enum three {
	A_THREE,
	UNUSED
};

enum four { A_FOUR, OLD_MAX = 4, B_FOUR };
