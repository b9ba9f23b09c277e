#include "a.h"

#pragma pack(push, 1)
#pragma pack (push,1)
#pragma pack(push, 2)
struct reg {
	int value;
};

#pragma omp parallel for num_threads(2)
int x;
