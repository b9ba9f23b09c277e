@@
identifier f;
@@
- int (*f)(int);
+ long (*f)(long);

@@
identifier s, f;
typedef u32;
@@
  struct s {
  ...
- int (*f)(struct s *, int nr);
+ u32 (*f)(struct s *, u32 nr);
  ...
  };
