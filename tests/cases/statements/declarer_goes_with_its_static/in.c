static DEFINE_SPIN(one);
DEFINE_SPIN(two);
static int three;
