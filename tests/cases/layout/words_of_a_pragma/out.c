#include "a.h"

#pragma pack(push, 4)
#pragma pack(push, 4)
#pragma pack(push, 2)
struct reg {
	int value;
};

int x;
