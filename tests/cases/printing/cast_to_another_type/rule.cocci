@@
expression e;
typedef u32;
@@
- (u32)
+ (unsigned int)
  e
