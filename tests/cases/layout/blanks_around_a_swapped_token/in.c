int a = OLD;
int b =OLD+1;
int c[] = { OLD , OLD,OLD };
/* OLD in a comment */
const char *s = "OLD";
int d = OLDER + OLD
	+ OLD;
