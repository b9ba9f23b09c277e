enum alone {
	GONE = 1,
};

enum without_comma {
	GONE = 1
};

enum first {
	GONE = 1,
	STAYS,
};

enum last {
	STAYS_TOO,
	GONE = 1,
};
