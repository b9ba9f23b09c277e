struct a {
	int x;
} __packed;

struct b {
	int x;
};
