struct task {
	int a;
	fields_begin
	struct list *b;
	fields_end
	int c;
};

struct port {
	FIRST
	SECOND
	int last;
};

struct unit {
	int one;
};
