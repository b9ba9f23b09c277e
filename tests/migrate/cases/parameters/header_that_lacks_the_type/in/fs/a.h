#ifndef A_H
#define A_H

int a_check(unsigned long flags, int n);

#endif
