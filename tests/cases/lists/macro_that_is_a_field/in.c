struct task {
	int a;
	fields_begin
	struct list *b;
	fields_end
	int c;
};

struct port {
	FIRST
	int nr;
	SECOND
};

struct unit {
	int one;
	LAST
};
