int first(int flags, int a) { return a; }
int last(int a, int flags) { return a; }
int middle(int a, int flags, int b) { return a; }
int only(int flags) { return 0; }
