struct box {
	char *name;
	struct box *next;
};
