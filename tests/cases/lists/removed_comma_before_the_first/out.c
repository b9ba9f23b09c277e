int first(int a) { return a; }
int last(int a) { return a; }
int middle(int a, int b) { return a; }
int only() { return 0; }
