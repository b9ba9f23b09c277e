enum alone {
};

enum without_comma {
};

enum first {
	STAYS,
};

enum last {
	STAYS_TOO,
};
