int first;
DECLARE_HALLS(five, 7);
int last;
