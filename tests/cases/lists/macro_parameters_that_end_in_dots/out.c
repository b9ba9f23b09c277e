#define report(fmt, ...) log(1, fmt, __VA_ARGS__)
#define note(fmt, rest...) log(2, fmt, rest)
#define warn_once(fmt) log(3, fmt)
