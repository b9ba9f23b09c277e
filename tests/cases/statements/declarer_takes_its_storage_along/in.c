int first;
static DECLARE_ROOMS(one, 3);
extern DECLARE_ROOMS(two, 4);
DECLARE_ROOMS(three, 5);
static DECLARE_HALLS(four, 6);
DECLARE_HALLS(five, 7);
int last;
