@@
identifier m, dev;
@@
 #define m(dev)
- readb(dev)
+ readl(dev)

@@
@@
 #define WHEEL_LIMIT
- 8
+ 16
