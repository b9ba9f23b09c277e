@@
identifier f, member;
fresh identifier getter = "get_" ## member;
struct device *dev;
@@
f(...)
{
<...
- dev->member
+ getter(dev)
...>
}
