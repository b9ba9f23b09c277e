#pragma new
#pragma new unroll(4)
int nr;
#pragma older
