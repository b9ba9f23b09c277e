int v;

int w;
