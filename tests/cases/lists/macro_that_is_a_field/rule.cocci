@@
identifier s;
@@
struct s {
  ...
- int nr;
  ...
};

@@
field f;
@@
struct unit {
  ...
- f
};

@@
@@
struct port {
  ...
+ int last;
};
