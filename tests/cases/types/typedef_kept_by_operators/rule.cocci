@@
typedef word_t;
word_t w;
@@
- f(w)
+ g(w)

@@
char c;
@@
- f(c)
+ h(c)
