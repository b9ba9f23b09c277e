struct box {
	int id;
	char *name;
	struct box *next;
};
