int a = NEW;
int b =NEW+1;
int c[] = { NEW , NEW,NEW };
/* OLD in a comment */
const char *s = "OLD";
int d = OLDER + NEW
	+ NEW;
