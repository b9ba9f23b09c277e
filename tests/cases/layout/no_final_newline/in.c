int a = old(1);

int b = old(2);