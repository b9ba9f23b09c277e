#include <a.h>
#include <b.h>
#include <c.h>
#include <d.h>

int x;
