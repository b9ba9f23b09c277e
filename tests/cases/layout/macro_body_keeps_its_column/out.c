#define FIRST			fresh(1)
#define SECOND                  fresh(2)
#  define	THIRD fresh(3)	/* why */
#define FOURTH \
	fresh(4)
#define bump(x)		fresh(x)
#define WIDE fresh()
