#define FIRST			old(1)
#define SECOND                  old(2)
#  define	THIRD old(3)	/* why */
#define FOURTH \
	old(4)
#define bump(x)		old(x)
#define NARROW		old()
