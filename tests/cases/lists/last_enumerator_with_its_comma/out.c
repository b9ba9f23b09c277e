enum one {
	A_ONE,
	MAX_OLD = 3,
};

enum two {
	A_TWO,
};

enum three {
	A_THREE,
};

enum four { A_FOUR, MAX_OLD = 4, B_FOUR };
