@@
expression e;
attribute name __free;
@@
- mark(e);
+ u8 *p __free(kfree) = take(e);
+ u8 **pp __free(kfree);
+ struct foo *q = e;
+ *p++ &= ~q->m;
+ q->x = *p++ & ~q->m;
+ u8 __iomem *r = e;
