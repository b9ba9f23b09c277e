#define warn(fmt, ...) log(1, fmt, __VA_ARGS__)
#define info(fmt, rest...) log(2, fmt, rest)
#define warn_once(fmt) log(3, fmt)
