int a = renewed(1);

int b = renewed(2);