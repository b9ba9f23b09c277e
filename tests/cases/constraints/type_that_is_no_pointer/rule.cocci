@@
type T;
type P != {T *};
identifier box, m;
@@
struct box {
	...
-	P m;
	...
};
