#pragma old
#pragma old unroll(4)
int nr;
#pragma older
